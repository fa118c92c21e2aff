using System.Collections.Concurrent;
using Orleans.Storage;

namespace Grid.Grains.Tests.Hosting;

/// <summary>A store that outlives its cluster: state as bytes, under ETags.</summary>
internal sealed class KeptStorage(IGrainStorageSerializer serializer, KeptStorage.Content content) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        content.ThrowIfAway();
        grainState.RecordExists = content.Rows.TryGetValue(Key(stateName, grainId), out var row);
        if (!grainState.RecordExists) return Task.CompletedTask;
        (grainState.State, grainState.ETag) = (serializer.Deserialize<T>(new BinaryData(row.Bytes)), row.Tag);
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        content.ThrowIfAway();
        var key = Key(stateName, grainId);
        lock (content)
        {
            var stored = content.Rows.TryGetValue(key, out var row) ? row.Tag : null;
            if (stored != grainState.ETag) throw new InconsistentStateException("Somebody else wrote.", stored, grainState.ETag);
            var tag = $"{++content.Writes}";
            content.Rows[key] = (serializer.Serialize(grainState.State).ToArray(), tag);
            (grainState.ETag, grainState.RecordExists) = (tag, true);
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        content.Rows.TryRemove(Key(stateName, grainId), out _);
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    /// <summary>What is kept.</summary>
    internal sealed class Content
    {
        public ConcurrentDictionary<string, (byte[] Bytes, string Tag)> Rows { get; } = new();

        public long Writes { get; set; }

        /// <summary>Every call fails.</summary>
        public bool Away { get; set; }

        public void ThrowIfAway()
        {
            if (Away) throw new IOException("The store is away.");
        }
    }
}
