package deploy_test

import (
	"bytes"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
)

// That the contracts come up with these arguments, and know one another, is tested in contracts/key.
func TestThePlanIsTheContractsInOrderAtTheAddressesOfTheNextNonces(t *testing.T) {
	deployer := common.HexToAddress("0xd0")
	const nonce = 41
	plan := deploy.Plan(deployer, nonce, &deploy.Terms{Proposers: []common.Address{deployer}})
	at := deploy.At(deployer, nonce)
	named := []common.Address{at.Key, at.Emission, at.Distributor, at.Subnets, at.Stakes, at.Governance}
	if len(plan) != len(contracts.Rewards()) {
		t.Fatalf("%d creations", len(plan))
	}
	for i, name := range contracts.Rewards() {
		c := plan[i]
		want := crypto.CreateAddress(deployer, nonce+uint64(i))
		if c.Name != name || c.At != want || named[i] != want {
			t.Errorf("creation %d is %s at %s, and named %s; want %s at %s", i, c.Name, c.At, named[i], name, want)
		}
		if creation := contracts.Load(name).Creation; !bytes.HasPrefix(c.Code, creation) || len(c.Code) == len(creation) {
			t.Errorf("%s is not its code with arguments", name)
		}
	}
}
