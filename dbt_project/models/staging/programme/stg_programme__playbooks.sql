-- One row per piece of advice, as the programme table has it now.

{{ programme_table('playbooks', {
    'touchpoint_id': 'text',
    'theme_id': 'text',
    'follow_up_kind': 'text',
    'language': 'text',
    'next_step': 'text',
    'customer_text': 'text',
    'content_url': 'text',
}) }}
