package fork

import (
	"bytes"
	"cmp"

	"github.com/ethereum/go-ethereum/common"
)

var selHasRole = selector("hasRole(bytes32,address)")

func (r *role) view() []byte { return pack(selHasRole, r.id[:], r.account[:]) }

// roles lists who got or lost a role. Logs and calls name them; where a contract has roles and changes in silence, scouts look at
// everybody's.
func (q *inquiry) roles() error {
	if err := q.silentRoles(); err != nil {
		return err
	}
	for _, r := range sortedKeys(q.interests.roles, func(a, b role) int {
		return cmp.Or(a.contract.Cmp(b.contract), bytes.Compare(a.id[:], b.id[:]), a.account.Cmp(b.account))
	}) {
		before, after, err := q.ask(r.contract, r.view())
		if err != nil {
			return err
		}
		was, okBefore := before.number()
		is, okAfter := after.number()
		if !okBefore || !okAfter {
			q.unknown("whether %s has role %s of contract %s", r.account, r.id, r.contract)
			continue
		}
		if was.IsZero() != is.IsZero() {
			q.effects.Roles = append(q.effects.Roles, RoleChange{
				Contract: r.contract, Role: r.id, Account: r.account, Before: !was.IsZero(), After: !is.IsZero(),
			})
		}
	}
	return nil
}

// silentRoles looks at the roles that something names, and at the one whose holders give all others, which is zero.
func (q *inquiry) silentRoles() error {
	named := map[common.Hash]bool{{}: true}
	for r := range q.interests.roles {
		named[r.id] = true
	}
	ids, people := sortedKeys(named, common.Hash.Cmp), sortedAddresses(q.interests.people)
	return q.stirred(sortedAddresses(q.written), func(a common.Address) (all []hunch) {
		if len(q.before.Account(a).Code) == 0 || !q.may(a, selHasRole) {
			return nil
		}
		for _, id := range ids {
			for _, p := range people {
				if r := (role{a, id, p}); !q.interests.roles[r] {
					all = append(all, hunch{r.view(), func() { q.interests.roles[r] = true }})
				}
			}
		}
		return all
	})
}
