import { parseHex } from "../../src/lorawan/hex.ts";
import type { Eui64 } from "../../src/lorawan/identifiers.ts";

/** A datagram written out by hand: the bytes of the header in hex, then JSON text. */
export function datagram(headerHex: string, json = ""): Uint8Array {
  return new Uint8Array(Buffer.concat([parseHex(headerHex), Buffer.from(json)]));
}

export const gatewayEui = "aa555a0000000101" as Eui64;

/** The first example of PROTOCOL.TXT section 4, white space and all. */
export const rxpkExample = `{"rxpk":[
	{
		"time":"2013-03-31T16:21:17.528002Z",
		"tmst":3512348611,
		"chan":2,
		"rfch":0,
		"freq":866.349812,
		"stat":1,
		"modu":"LORA",
		"datr":"SF7BW125",
		"codr":"4/6",
		"rssi":-35,
		"lsnr":5.1,
		"size":32,
		"data":"-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84"
	},{
		"time":"2013-03-31T16:21:17.530974Z",
		"tmst":3512348514,
		"chan":9,
		"rfch":1,
		"freq":869.1,
		"stat":1,
		"modu":"FSK",
		"datr":50000,
		"rssi":-75,
		"size":16,
		"data":"VEVTVF9QQUNLRVRfMTIzNA=="
	},{
		"time":"2013-03-31T16:21:17.532038Z",
		"tmst":3316387610,
		"chan":0,
		"rfch":0,
		"freq":863.00981,
		"stat":1,
		"modu":"LORA",
		"datr":"SF10BW125",
		"codr":"4/7",
		"rssi":-38,
		"lsnr":5.5,
		"size":32,
		"data":"ysgRl452xNLep9S1NTIg2lomKDxUgn3DJ7DE+b00Ass"
	}
]}`;

/** The example of "stat" of PROTOCOL.TXT section 4, with "temp" of the newer PROTOCOL.md. */
export const statExample = `{"stat":{
    "time":"2014-01-12 08:59:28 GMT",
    "lati":46.24000,
    "long":3.25230,
    "alti":145,
    "rxnb":2,
    "rxok":2,
    "rxfw":2,
    "ackr":100.0,
    "dwnb":2,
    "txnb":2,
    "temp": 23.2
}}`;

/** The examples of "txpk" of PROTOCOL.TXT section 6. */
export const loraTxpkExample = `{"txpk":{
	"imme":true,
	"freq":864.123456,
	"rfch":0,
	"powe":14,
	"modu":"LORA",
	"datr":"SF11BW125",
	"codr":"4/6",
	"ipol":false,
	"size":32,
	"data":"H3P3N2i9qc4yt7rK7ldqoeCVJGBybzPY5h1Dd7P7p8v"
}}`;

export const fskTxpkExample = `{"txpk":{
	"imme":true,
	"freq":861.3,
	"rfch":0,
	"powe":12,
	"modu":"FSK",
	"datr":50000,
	"fdev":3000,
	"size":32,
	"data":"H3P3N2i9qc4yt7rK7ldqoeCVJGBybzPY5h1Dd7P7p8v"
}}`;

/** The bytes of the example's data, decoded with Python's base64 module. */
export const txpkDataHex = "1f73f73768bda9ce32b7bacaee576aa1e0952460726f33d8e61d4377b3fba7cb";
