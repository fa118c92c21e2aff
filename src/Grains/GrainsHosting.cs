using Grid.Abstractions.Nodes;
using Grid.Grains.Control;
using Grid.Grains.Persistence;
using Grid.Grains.Placement;
using Grid.Grains.Shards;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Storage;

namespace Grid.Grains;

/// <summary>Adds the grid's grains to a silo.</summary>
public static class GrainsHosting
{
    /// <summary>The name of the grain storage for the grid's state, which the code that builds the silo registers.</summary>
    public const string Storage = GridStateSerializer.Storage;

    /// <summary>
    /// Adds placement by node, the wire contract in the silo's metadata, the form of stored state, and what the grains act on.
    /// </summary>
    /// <param name="silo">The silo, named after its node.</param>
    /// <param name="host">What holds the node's weights; it outlives the silo.</param>
    /// <param name="storeKind">Either embedded or redis, for the status.</param>
    /// <param name="timeProvider">The clock of all decisions; null for the system's.</param>
    public static ISiloBuilder AddGridGrains(this ISiloBuilder silo, IShardHost host, string storeKind = "redis",
        TimeProvider? timeProvider = null)
    {
        silo.UseSiloMetadata(new Dictionary<string, string> { [NodePlacementOptions.WireKey] = WireContract.Version });
        silo.Services.AddPlacementDirector<NodePlacement, NodePlacementDirector>();
        silo.Services.AddTransient<IConfigurationValidator, NodePlacementValidator>();
        silo.Services.Configure<GridGrainOptions>(options => options.StoreKind = storeKind);
        silo.Services.AddKeyedSingleton<IGrainStorageSerializer>(
            Storage, (services, _) => new GridStateSerializer(services.GetRequiredService<Serializer>()));
        silo.Services.AddSingleton(host);
        silo.Services.TryAddSingleton(timeProvider ?? TimeProvider.System);
        return silo;
    }
}
