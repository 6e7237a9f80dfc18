"""The survey tools of demo and tests: local servers that speak the documented APIs, refusals included.

`local`         what all of them share: a server, a limit of requests, faults put in the way
`formbricks`    surveys and their responses, v1 and v2
`hubspot`       feedback submissions, found by search
`limesurvey`    surveys, responses, participants (`limesurvey_people`)
`mopinion`      datasets and their feedback, every request signed
`qualtrics`     surveys and exports; `qualtrics_exports` which responses an export holds
`surveymonkey`  surveys and responses; `surveymonkey_paging` how it cuts them into pages
`typeform`      forms and responses; `typeform_paging` how it cuts them into pages
`zendesk`       satisfaction ratings, surveys and their answers, users, tickets
"""
