using System.Net;
using System.Runtime.InteropServices;

namespace Grid.Hosting.Http;

/// <summary>Bounds the memory of request bodies that have not come whole yet, over the process and for each peer. Thread-safe.</summary>
/// <param name="maxBytes">The most bytes of all unfinished bodies.</param>
/// <param name="maxPeerBytes">The most bytes of one peer's unfinished bodies.</param>
public sealed class BodyBudget(long maxBytes, long maxPeerBytes)
{
    private const long LargestTotal = 1L << 30;
    private const int PeerParts = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, long> _peers = [];
    private long _total;

    /// <summary>A sixteenth of the memory that the process may use, at most 1 GiB; a quarter of that for each peer.</summary>
    public static BodyBudget Default
    {
        get
        {
            var total = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 4 * (long)BodyReader.MaxBytes, LargestTotal);
            return new BodyBudget(total, Math.Max(total / PeerParts, 2 * BodyReader.MaxBytes));
        }
    }

    /// <summary>The bytes of all unfinished bodies now.</summary>
    public long Used
    {
        get
        {
            lock (_gate) return _total;
        }
    }

    /// <summary>A body begins to come.</summary>
    /// <param name="peer">The client's address; null where it is not known.</param>
    public Share Open(IPAddress? peer) => new(this, peer ?? IPAddress.None);

    private void Take(IPAddress peer, long bytes)
    {
        lock (_gate)
        {
            var ofPeer = _peers.GetValueOrDefault(peer);
            if (ofPeer + bytes > maxPeerBytes)
                throw new ApiException(StatusCodes.Status429TooManyRequests,
                    $"The unfinished request bodies of one client may have at most {maxPeerBytes} bytes; got {ofPeer + bytes}.",
                    code: "rate_limit_exceeded");
            if (_total + bytes > maxBytes)
                throw new ApiException(StatusCodes.Status503ServiceUnavailable,
                    $"Unfinished request bodies may have at most {maxBytes} bytes in all; got {_total + bytes}.", code: "overloaded");
            _peers[peer] = ofPeer + bytes;
            _total += bytes;
        }
    }

    private void Return(IPAddress peer, long bytes)
    {
        lock (_gate)
        {
            _total -= bytes;
            ref var ofPeer = ref CollectionsMarshal.GetValueRefOrNullRef(_peers, peer);
            if ((ofPeer -= bytes) == 0) _peers.Remove(peer);
        }
    }

    /// <summary>One body's bytes, returned when it is disposed.</summary>
    public sealed class Share : IDisposable
    {
        private readonly BodyBudget _budget;
        private readonly IPAddress _peer;
        private long _bytes;

        internal Share(BodyBudget budget, IPAddress peer) => (_budget, _peer) = (budget, peer);

        /// <summary>Takes further bytes.</summary>
        /// <exception cref="ApiException">The peer (429) or the process (503) has too many.</exception>
        public void Grow(long bytes)
        {
            _budget.Take(_peer, bytes);
            _bytes += bytes;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_bytes > 0) _budget.Return(_peer, _bytes);
            _bytes = 0;
        }
    }
}
