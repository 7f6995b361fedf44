/* SPDX-License-Identifier: BSD-2-Clause */
/* Status words, as they come, in the model of an association. */
#include "client/peer_status.h"

#include "mode6/status.h"

void
peer_status_take(struct ntp_peer *peer, uint16_t word)
{
	struct m6_peer_status status = m6_peer_status(word);

	peer->status = word;
	peer->is_configured = status.is_configured;
	peer->is_authenable = status.is_authenable;
	peer->is_authentic = status.is_authentic;
	peer->is_reachable = status.is_reachable;
	peer->is_broadcast = status.is_broadcast;
	peer->selection = status.selection;
}
