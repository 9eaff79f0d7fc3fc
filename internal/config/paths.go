package config

import (
	"os"
	"path/filepath"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Paths is where the program keeps its files.
type Paths struct {
	ConfigFile string `json:"config_file"`
	DataDir    string `json:"data_dir"`  // keys and the database
	CacheDir   string `json:"cache_dir"` // what can be fetched again
	StateDir   string `json:"state_dir"` // logs
}

// Locate finds the paths: one folder where home or KEYMAKER_HOME names it, else the XDG folders. getenv is os.Getenv.
func Locate(home string, getenv func(string) string) (Paths, error) {
	if home == "" {
		home = getenv(EnvPrefix + "HOME")
	}
	if home != "" {
		home, err := filepath.Abs(home)
		if err != nil {
			return Paths{}, refusal.New(refusal.ConfigInvalid, "the home folder %q can't be found", home).Because(err)
		}
		return Paths{
			ConfigFile: filepath.Join(home, "config.toml"),
			DataDir:    filepath.Join(home, "data"),
			CacheDir:   filepath.Join(home, "cache"),
			StateDir:   filepath.Join(home, "state"),
		}, nil
	}
	dir := func(variable string, below ...string) string {
		if d := getenv(variable); filepath.IsAbs(d) {
			return filepath.Join(d, "keymaker")
		}
		return filepath.Join(append(append([]string{getenv("HOME")}, below...), "keymaker")...)
	}
	if !filepath.IsAbs(getenv("HOME")) && (getenv("XDG_CONFIG_HOME") == "" || getenv("XDG_DATA_HOME") == "") {
		return Paths{}, refusal.New(refusal.ConfigInvalid, "there is no home folder").WithHint("name a folder with --home or %sHOME", EnvPrefix)
	}
	return Paths{
		ConfigFile: filepath.Join(dir("XDG_CONFIG_HOME", ".config"), "config.toml"),
		DataDir:    dir("XDG_DATA_HOME", ".local", "share"),
		CacheDir:   dir("XDG_CACHE_HOME", ".cache"),
		StateDir:   dir("XDG_STATE_HOME", ".local", "state"),
	}, nil
}

// Make creates the folders, for the user alone.
func (p Paths) Make() error {
	for _, dir := range []string{filepath.Dir(p.ConfigFile), p.DataDir, p.CacheDir, p.StateDir} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return refusal.New(refusal.ConfigInvalid, "the folder %s can't be made", dir).Because(err)
		}
	}
	return nil
}

// PolicyFile is where the policy is: where the config says, else beside the config file.
func (c *Config) PolicyFile(p Paths) string {
	if c.Policy == "" {
		return filepath.Join(filepath.Dir(p.ConfigFile), "policy.json")
	}
	if filepath.IsAbs(c.Policy) {
		return c.Policy
	}
	return filepath.Join(filepath.Dir(p.ConfigFile), c.Policy)
}
