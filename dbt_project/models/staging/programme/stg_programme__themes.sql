-- One row per theme and language or code, as the programme table has it now.

{{ programme_table('themes', {
    'theme_id': 'text',
    'name': 'text',
    'kind': 'text',
    'language': 'text',
    'pattern': 'text',
    'theme_code': 'text',
    'source_name': 'text',
    'survey_id': 'text',
    'question_ref': 'text',
    'example': 'text',
    'counter_example': 'text',
}) }}
