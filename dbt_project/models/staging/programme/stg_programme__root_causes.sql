-- One row per root cause and language, as the programme table has it now.

{{ programme_table('root_causes', {
    'root_cause_id': 'text',
    'name': 'text',
    'language': 'text',
    'is_structural': 'yes_no',
    'team_id': 'text',
}) }}
