-- One row per initiative and place it touches, as the programme table has it now.

{{ programme_table('initiative_scope', {
    'initiative_id': 'text',
    'touchpoint_id': 'text',
    'theme_id': 'text',
}) }}
