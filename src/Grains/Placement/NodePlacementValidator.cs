using Grid.Abstractions.Nodes;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Grid.Grains.Placement;

/// <summary>Refuses to start a silo that nothing could be placed on.</summary>
internal sealed class NodePlacementValidator(IOptions<SiloOptions> silo, IOptions<NodePlacementOptions> options) : IConfigurationValidator
{
    /// <exception cref="OrleansConfigurationException">The silo has no name that a key can carry, or its wire contract is no
    /// version.</exception>
    public void ValidateConfiguration()
    {
        var name = silo.Value.SiloName;
        if (string.IsNullOrEmpty(name) || name.AsSpan().ContainsAny('@', '/'))
            throw new OrleansConfigurationException(
                $"A silo's name must be its node's name, not empty and without @ and /; got '{name}'.");
        if (!WireContract.Compatible(options.Value.Wire, options.Value.Wire))
            throw new OrleansConfigurationException($"The wire contract must be MAJOR.MINOR; got '{options.Value.Wire}'.");
    }
}
