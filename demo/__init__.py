"""A made-up company with all it needs to try Heardback: customers, survey tools, mail, owners who answer.

company/  its configuration and programme tables    story.py   half a year of answers, made from one seed
tools/    its survey tools, mail.py its mail server: on this machine   owners.py  what its people answer
show.py   the whole road, two days of it             screen.py  what happened, read from what was published
"""
