using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Grains.Nodes;

namespace Grid.Grains.Reconciliation;

/// <summary>What a model is to serve, as one checksum: its source, files, engine options and parallelism.</summary>
internal static class Revisions
{
    /// <summary>The source that needs no files.</summary>
    public const string Simulated = "sim";

    /// <summary>sha256:... of all that makes a rollout when it changes.</summary>
    public static string Of(ModelSpec spec, string? checksum)
    {
        var text = new StringBuilder();
        text.Append(spec.Source).Append('\n').Append(checksum).Append('\n');
        foreach (var (key, value) in (spec.Engine ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append(key).Append('=').Append(value).Append('\n');
        if (spec.Parallelism is { } p)
            text.Append(CultureInfo.InvariantCulture, $"{p.Auto} {p.Tensor} {p.Pipeline} {p.Data} {p.Expert} {p.Backend} {string.Join(',', p.PipelineLayers ?? [])}\n");
        text.Append(CultureInfo.InvariantCulture, $"{spec.Sim}");
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
    }

    /// <summary>The files that most nodes have; among equals those in force, then the lowest checksum. Null: no node has looked.</summary>
    public static ModelFiles? Wanted(string source, string? inForce, IEnumerable<NodeRecord> nodes) => nodes
        .Where(node => node.IsLive)
        .Select(node => node.Files(source))
        .Where(files => files is { Checksum: not null, Error: null })
        .GroupBy(files => files!.Checksum!)
        .OrderByDescending(group => group.Count())
        .ThenByDescending(group => group.Key == inForce)
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.First();
}
