/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words, as they come, in the model of an association. */
#ifndef CLIENT_PEER_STATUS_H
#define CLIENT_PEER_STATUS_H

#include <stdint.h>

#include "model/peer.h"

/* Sets what a peer status word says. */
void peer_status_take(struct ntp_peer *peer, uint16_t word);

#endif
