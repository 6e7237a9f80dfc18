-- One row per version of a Mopinion feedback and hidden or custom field; its tags are one.
{{ told_properties('mopinion') }}
