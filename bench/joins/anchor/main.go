// A Join Server that keeps nothing, for `npm run bench -- --only joins --anchor PROGRAM` to compare with: the HTTP
// handler of github.com/brocaar/lorawan with the devices of population.ts and the KEKs of check-joins.ts in memory.
// It checks no DevNonce and always issues the same JoinNonce. docs/performance/joins.md tells how it is built.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/brocaar/lorawan"
	"github.com/brocaar/lorawan/backend/joinserver"
)

const (
	devices    = 101_000
	firstEUI   = 0x0102030400000000
	netServer  = "000001"
	kekLabelAS = "as"
)

func rootKey(name string, index int) (key lorawan.AES128Key) {
	digest := sha256.Sum256([]byte(fmt.Sprintf("%s %d", name, index)))
	copy(key[:], digest[:16])
	return key
}

func main() {
	keys := make(map[lorawan.EUI64]joinserver.DeviceKeys, devices)
	for index := 0; index < devices; index++ {
		var devEUI lorawan.EUI64
		binary.BigEndian.PutUint64(devEUI[:], firstEUI+uint64(index))
		keys[devEUI] = joinserver.DeviceKeys{
			DevEUI:    devEUI,
			NwkKey:    rootKey("NwkKey", index),
			AppKey:    rootKey("AppKey", index),
			JoinNonce: 1,
		}
	}
	keks := map[string][]byte{
		netServer:  bytes.Repeat([]byte{0x11}, 16),
		kekLabelAS: bytes.Repeat([]byte{0x22}, 16),
	}
	handler, err := joinserver.NewHandler(joinserver.HandlerConfig{
		GetDeviceKeysByDevEUIFunc: func(devEUI lorawan.EUI64) (joinserver.DeviceKeys, error) {
			if device, isKnown := keys[devEUI]; isKnown {
				return device, nil
			}
			return joinserver.DeviceKeys{}, joinserver.ErrDevEUINotFound
		},
		GetKEKByLabelFunc:         func(label string) ([]byte, error) { return keks[label], nil },
		GetASKEKLabelByDevEUIFunc: func(lorawan.EUI64) (string, error) { return kekLabelAS, nil },
	})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, handler))
}
