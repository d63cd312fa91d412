"""Where articles come from: feeds, pages, pasted text, files, through one guarded client."""
