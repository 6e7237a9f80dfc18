-- One row per version of a response out of a file and column kept with it, contact details included.
{{ told_properties('files') }}
