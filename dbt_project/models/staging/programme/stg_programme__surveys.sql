-- One row per survey, as the programme table has it now.

{{ programme_table('surveys', {
    'source_name': 'text',
    'survey_id': 'text',
    'name': 'text',
    'purpose': 'text',
    'goal_id': 'text',
    'owner_team_id': 'text',
    'channel': 'text',
    'audience': 'text',
    'survey_kind': 'text',
}) }}
