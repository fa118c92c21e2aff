using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Grains.Records;
using Grid.Primitives.Options;

namespace Grid.Grains.Models;

/// <summary>What a model is to serve, as one checksum: its source, files, engine options and parallelism.</summary>
internal static class Revisions
{
    /// <summary>sha256:... of all that makes a rollout when it changes.</summary>
    public static string Of(ModelSpec spec, string? checksum) => ModelRevision.Of(spec, checksum);

    /// <summary>
    /// The files that most nodes have; among equals those in force, then the lowest checksum; in the largest form that a node would load.
    /// Null: no node has looked.
    /// </summary>
    public static ModelFiles? Select(string source, string? inForce, IEnumerable<NodeRecord> nodes) => nodes
        .Where(node => node.IsLive)
        .Select(node => node.Files(source))
        .Where(files => files is { Checksum: not null, Error: null })
        .GroupBy(files => files!.Checksum!)
        .OrderByDescending(group => group.Count())
        .ThenByDescending(group => group.Key == inForce)
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.MaxBy(files => (files!.Profile is not null, files.WeightsBytes));

    /// <summary>
    /// Why no node can serve a source, once every live node has inspected it; null if one can, or it is not known yet.
    /// </summary>
    public static string? Fault(string source, IEnumerable<NodeRecord> nodes)
    {
        if (SimulatedModel.Is(source)) return null;
        var found = nodes.Where(node => node.IsLive).Select(node => (node.Name, Error: node.Files(source)?.Error)).ToArray();
        if (found.Length == 0 || found.Any(node => node.Error is null)) return null;
        return string.Join("; ",
            found.GroupBy(node => node.Error).Select(same => $"{string.Join(", ", same.Select(node => node.Name))}: {same.Key}"));
    }
}
