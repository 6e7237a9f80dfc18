-- One row per version of a saved Delighted response and fact it was sent with, contact details included.
{{ told_properties('delighted') }}
