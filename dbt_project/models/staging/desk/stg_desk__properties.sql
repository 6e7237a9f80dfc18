-- One row per version of what a customer told a colleague and detail kept with it, contact details included.
{{ told_properties('desk') }}
