using System.Globalization;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>How many shards a replica has, and how much memory each of them is promised.</summary>
internal static class ReplicaShape
{
    private const long MostKVBytes = 4L << 30;
    private const int FullLengthRequests = 8;

    /// <summary>The layout that a specification asks for; auto is one shard.</summary>
    public static ReplicaLayout LayoutOf(ModelSpec spec) => spec.Parallelism is { Auto: false } p
        ? new ReplicaLayout(p.Tensor, p.Pipeline, p.Data, p.Expert > 1 ? p.Expert : 0)
        : new ReplicaLayout();

    /// <summary>Names of all shards: tensor fastest, then pipeline, then data; then experts.</summary>
    public static string[] ShardsOf(ReplicaLayout layout)
    {
        var names = new List<string>();
        for (var d = 0; d < layout.Data; d++)
            for (var p = 0; p < layout.Pipeline; p++)
                for (var t = 0; t < layout.Tensor; t++) names.Add($"dp{d}/pp{p}/tp{t}");
        for (var e = 0; e < layout.Expert; e++) names.Add($"ep{e}");
        return [.. names];
    }

    /// <summary>Bytes of one shard: its slice of the weights, and of a KV cache as the engine options say, else for eight requests of full length, at most 4 GiB.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="files">What the nodes found; null for sim.</param>
    public static long BytesPerShard(ModelSpec spec, ModelFiles? files)
    {
        var layout = LayoutOf(spec);
        var slices = Math.Max(1, layout.Tensor * layout.Pipeline);
        if (files is null) return ((spec.Sim ?? new SimSpec()).WeightsBytes + slices - 1) / slices + Option(spec, "kvCacheMemoryBytes");
        var perToken = files.KVBytesPerToken / slices;
        var cache = Option(spec, "kvCacheMemoryBytes") is > 0 and var bytes ? bytes
            : Option(spec, "numGpuBlocksOverride") is > 0 and var blocks ? blocks * Math.Max(1, Option(spec, "blockSize", 16)) * perToken
            : Math.Min(MostKVBytes, perToken * Math.Max(1, Option(spec, "maxModelLen", files.MaxModelLen)) * FullLengthRequests);
        return (files.WeightsBytes + slices - 1) / slices + cache;
    }

    private static long Option(ModelSpec spec, string key, long otherwise = 0) =>
        spec.Engine is { } options && options.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : otherwise;
}
