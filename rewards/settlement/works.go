package settlement

import (
	"bytes"
	"math/bits"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Works earn while they stand: from the epoch in which a quorum of maintainers accepts them for as many epochs as their class says,
// unless a quorum finds them at risk and nothing is done about it in time. Nobody has a voice on what is its own.

// said is one opinion of a commit: who made it, and what it is.
type said struct {
	commit [20]byte
	author common.Address
	class  uint32
}

// acceptance is who has this opinion.
type acceptance struct {
	by  []voice   // one of each maintainer
	id  usage.ID  // the lowest
	ref usage.Ref // of that entry
	at  emission.Time
}

// voice is the least that a maintainer says of a weight.
type voice struct {
	maintainer int
	weight     uint256.Int
}

func (a *acceptance) add(more *acceptance) {
	none := len(a.by) == 0
	for _, v := range more.by {
		a.hear(v)
	}
	if none || bytes.Compare(more.id[:], a.id[:]) < 0 {
		a.id, a.ref, a.at = more.id, more.ref, more.at
	}
}

func (a *acceptance) hear(v voice) {
	i := slices.IndexFunc(a.by, func(o voice) bool { return o.maintainer == v.maintainer })
	switch {
	case i < 0:
		a.by = append(a.by, v)
	case v.weight.Lt(&a.by[i].weight):
		a.by[i] = v
	}
}

func (a *acceptance) count() uint64 { return uint64(len(a.by)) }

// granted is the most that a quorum grants: so many say it, or more. Nobody alone lowers or raises it.
func (a *acceptance) granted(quorum uint64) uint256.Int {
	falling := slices.SortedFunc(slices.Values(a.by), func(x, y voice) int { return y.weight.Cmp(&x.weight) })
	return falling[quorum-1].weight
}

// risk is who says that a commit is at risk, and who that it is not.
type risk struct{ yes, no voters }

func (r *risk) add(more *risk) {
	r.yes.add(&more.yes)
	r.no.add(&more.no)
}

const mostVoters = 256

// voters is a set of maintainers by their place in the rules.
type voters [mostVoters / 64]uint64

func (v *voters) set(i int) { v[i/64] |= 1 << (i % 64) }

func (v *voters) add(more *voters) {
	for i := range v {
		v[i] |= more[i]
	}
}

func (v *voters) without(i int) voters {
	rest := *v
	rest[i/64] &^= 1 << (i % 64)
	return rest
}

func (v *voters) count() (n uint64) {
	for _, w := range v {
		n += uint64(bits.OnesCount64(w))
	}
	return n
}

func commitOf(e *usage.Entry) [20]byte { return [20]byte(e.Subject[:20]) }

func (b *Book) judgeWork(e *usage.Entry) (maintainer int, class uint32, why Why) {
	maintainer, listed := b.lists.maintainers[e.Other]
	if !listed {
		return 0, 0, NoMaintainer
	}
	if e.Other == e.Earner {
		return 0, 0, Itself
	}
	class, known := b.lists.classes[string(e.Name)]
	if !known {
		return 0, 0, NoClass
	}
	return maintainer, class, Counts
}

func (b *Book) countWork(id usage.ID, e *usage.Entry) Why {
	maintainer, class, why := b.judgeWork(e)
	if why != Counts {
		return why
	}
	one := acceptance{by: []voice{{maintainer, e.Amount}}, id: id, ref: e.Ref, at: e.At}
	b.said.sum(said{commitOf(e), e.Earner, class}).add(&one)
	return Counts
}

func (b *Book) countRisk(e *usage.Entry) Why {
	maintainer, listed := b.lists.maintainers[e.Other]
	if !listed {
		return NoMaintainer
	}
	r := b.risks.sum(commitOf(e))
	if e.Flag {
		r.yes.set(maintainer)
	} else {
		r.no.set(maintainer)
	}
	return Counts
}

// stand is what stands in this epoch, by commit.
func (b *Book) stand() []Contribution {
	for _, c := range b.before.standing {
		if c.Until > b.Epoch() && !b.lost(&c) {
			b.stood = append(b.stood, c)
		}
	}
	for i := range b.said.n {
		if s := b.said.row(i); s.sum.count() >= b.quorum() {
			*b.quorums.sum(s.key.commit)++
		}
	}
	standing := slices.Clone(b.stood)
	for i := range b.said.n {
		if c, why := b.accept(&b.said.row(i).key, &b.said.row(i).sum); why == Counts {
			standing = append(standing, c)
		}
	}
	slices.SortFunc(standing, byCommit)
	for i := range standing {
		b.hear(&standing[i])
	}
	return slices.DeleteFunc(standing, func(c Contribution) bool { return b.lost(&c) })
}

func byCommit(a, b Contribution) int { return bytes.Compare(a.Commit[:], b.Commit[:]) }

// lost reports whether a contribution was at risk for too long.
func (b *Book) lost(c *Contribution) bool {
	return c.AtRisk && uint64(b.Epoch()-c.Risk) >= b.version.Works.Grace
}

func (b *Book) quorum() uint64 { return max(b.version.Works.Quorum, 1) }

// accept is what becomes of an opinion.
func (b *Book) accept(s *said, a *acceptance) (c Contribution, why Why) {
	if a.count() < b.quorum() {
		return c, NoQuorum
	}
	if *b.quorums.find(s.commit) > 1 {
		return c, Disputed
	}
	if _, stands := slices.BinarySearchFunc(b.stood, Contribution{Commit: s.commit}, byCommit); stands {
		return c, Stands
	}
	name := b.lists.names[s.class]
	class := b.version.Works.Classes[name]
	c = Contribution{
		Commit: s.commit, Author: s.author, Class: name, Weight: a.granted(b.quorum()), Accepted: b.Epoch(), Until: later(b.Epoch(), class.Epochs),
		ID: a.id, Ref: a.ref, At: a.at,
	}
	if class.Most.Lt(&c.Weight) {
		c.Weight = class.Most
	}
	return c, Counts
}

func later(e usage.Epoch, by uint64) usage.Epoch {
	sum, carry := bits.Add64(uint64(e), by, 0)
	if carry != 0 {
		return ^usage.Epoch(0)
	}
	return usage.Epoch(sum)
}

// hear books what maintainers other than the author say of the risk.
func (b *Book) hear(c *Contribution) {
	r := b.risks.find(c.Commit)
	if r == nil {
		return
	}
	yes, no := r.yes, r.no
	if author, listed := b.lists.maintainers[c.Author]; listed {
		yes, no = yes.without(author), no.without(author)
	}
	switch {
	case no.count() >= b.quorum():
		c.AtRisk, c.Risk = false, 0
	case yes.count() >= b.quorum() && !c.AtRisk:
		c.AtRisk, c.Risk = true, b.Epoch()
	}
}

func (b *Book) payWorks(p *Part, standing []Contribution) {
	var authors rows[common.Address, uint256.Int]
	for i := range standing {
		addTo(authors.sum(standing[i].Author), &standing[i].Weight)
	}
	most := bps(&p.Budget, b.version.Works.Most)
	for i, wei := range byWeight(&authors, p) {
		r := authors.row(i)
		got := grant{part: rules.Works, to: r.key, wei: wei, weight: r.sum, total: p.Weight}
		got.cut(most, Most)
		b.give(&got, p)
	}
}
