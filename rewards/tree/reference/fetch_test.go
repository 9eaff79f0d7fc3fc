package reference

import "testing"

func TestTheLockFilePinsEveryPackageByItsHashAndNamesNoHost(t *testing.T) {
	if err := list().Pinned(); err != nil {
		t.Error(err)
	}
}
