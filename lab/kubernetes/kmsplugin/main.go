// Command kmsplugin is a key management service of the lab: the KMS protocol v2 on a Unix socket.
//
// It encrypts with AES-256-GCM under keys that it derives from their names. It protects nothing: whoever knows the name
// of a key has the key.
//
//	kmsplugin SOCKET KEY [KEY...]
//
// The first key encrypts, all of them decrypt, so a key is rotated by naming a new one first.
package main

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"time"

	"k8s.io/kms/pkg/service"
)

const timeout = 5 * time.Second

// keyring holds the ciphers by the name of their key.
type keyring struct {
	first   string
	ciphers map[string]cipher.AEAD
}

func newKeyring(names []string) (*keyring, error) {
	ring := &keyring{first: names[0], ciphers: map[string]cipher.AEAD{}}
	for _, name := range names {
		key := sha256.Sum256([]byte("key of the lab: " + name))
		block, err := aes.NewCipher(key[:])
		if err != nil {
			return nil, err
		}
		if ring.ciphers[name], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	return ring, nil
}

// Status names the key that encrypts: the API server sees a rotation by it.
func (ring *keyring) Status(context.Context) (*service.StatusResponse, error) {
	return &service.StatusResponse{Version: "v2", Healthz: "ok", KeyID: ring.first}, nil
}

// Encrypt seals a seed of the API server; the nonce stands before what it seals.
func (ring *keyring) Encrypt(_ context.Context, _ string, plain []byte) (*service.EncryptResponse, error) {
	aead := ring.ciphers[ring.first]
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return &service.EncryptResponse{
		KeyID:       ring.first,
		Ciphertext:  aead.Seal(nonce, nonce, plain, nil),
		Annotations: map[string][]byte{"cipher.lab.wardline.example": []byte("aes-256-gcm")},
	}, nil
}

// Decrypt opens what Encrypt sealed under any of the keys.
func (ring *keyring) Decrypt(_ context.Context, _ string, request *service.DecryptRequest) ([]byte, error) {
	aead, known := ring.ciphers[request.KeyID]
	if !known {
		return nil, fmt.Errorf("no key %q", request.KeyID)
	}
	size := aead.NonceSize()
	if len(request.Ciphertext) < size {
		return nil, errors.New("too short")
	}
	return aead.Open(nil, request.Ciphertext[:size], request.Ciphertext[size:], nil)
}

func run(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("usage: kmsplugin SOCKET KEY [KEY...]")
	}
	ring, err := newKeyring(arguments[1:])
	if err != nil {
		return err
	}
	// A socket that a killed predecessor left.
	if err := os.Remove(arguments[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return service.NewGRPCService(arguments[0], timeout, ring).ListenAndServe()
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
