using Orleans.GrainDirectory;
using Orleans.GrainDirectory.Redis;

namespace Grid.Cluster.Hosting;

/// <summary>
/// The directory in the store, without entries of silos that are not members. Orleans knows the dead of its own table alone: an entry
/// written before the store was lost, or before the table was cleaned, would send calls to nowhere for ever.
/// </summary>
internal sealed class MemberGrainDirectory(RedisGrainDirectory inner, IClusterMembershipService membership)
    : IGrainDirectory, ILifecycleParticipant<ISiloLifecycle>
{
    public async Task<GrainAddress?> Lookup(GrainId grainId)
    {
        var found = await inner.Lookup(grainId);
        if (found is null || await IsMemberAsync(found)) return found;
        await inner.Unregister(found);
        return null;
    }

    public Task<GrainAddress?> Register(GrainAddress address) => Register(address, null);

    public async Task<GrainAddress?> Register(GrainAddress address, GrainAddress? previousAddress)
    {
        var holder = await inner.Register(address, previousAddress);
        if (holder is null || holder.ActivationId == address.ActivationId || await IsMemberAsync(holder)) return holder;
        return await inner.Register(address, holder);
    }

    public Task Unregister(GrainAddress address) => inner.Unregister(address);

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => inner.Participate(lifecycle);

    private async ValueTask<bool> IsMemberAsync(GrainAddress entry)
    {
        if (entry.SiloAddress is not { } silo) return false;
        if (IsKnown(silo)) return true;
        await membership.Refresh();
        return IsKnown(silo);
    }

    private bool IsKnown(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) is not (SiloStatus.None or SiloStatus.Dead);
}
