using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>
/// The devices of an engine's shards, written <c>cpu</c>, <c>cuda:2</c> or <c>cuda:0,cuda:2</c>. One CUDA device is the first of as many as
/// there are shards; several are one for each shard; all shards share the CPU.
/// </summary>
[JsonConverter(typeof(JsonForm))]
public sealed class DeviceList : IEquatable<DeviceList>
{
    private readonly DeviceId[] _ids;

    private DeviceList(DeviceId[] ids) => _ids = ids;

    /// <summary>The CPU.</summary>
    public static DeviceList Cpu { get; } = new([DeviceId.Cpu]);

    /// <summary>The kind of all of them.</summary>
    public DeviceKind Kind => _ids[0].Kind;

    /// <summary>The first one.</summary>
    public DeviceId First => _ids[0];

    /// <summary>One device, or the first of consecutive ones.</summary>
    public static implicit operator DeviceList(DeviceId id) => new([id]);

    /// <summary>One device for each shard.</summary>
    /// <param name="ids">At least one, all of one kind.</param>
    public static DeviceList Of(IEnumerable<DeviceId> ids)
    {
        DeviceId[] all = [.. ids];
        if (all.Length == 0 || all.Any(id => id.Kind != all[0].Kind))
            throw new ArgumentException($"The devices of an engine must be of one kind; got '{string.Join(',', all)}'.", nameof(ids));
        return new DeviceList(all);
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static DeviceList Parse(string text) => Of(text.Split(',').Select(DeviceId.Parse));

    /// <summary>The device of one shard.</summary>
    /// <param name="shard">Its place among the shards of all ranks, from 0.</param>
    public DeviceId OfShard(int shard) => _ids.Length > 1 ? _ids[shard]
        : Kind == DeviceKind.Cuda ? DeviceId.Cuda(First.Index + shard)
        : First;

    /// <summary>The devices of one data-parallel rank.</summary>
    /// <param name="rank">Its number, from 0.</param>
    /// <param name="shards">Shards of each rank.</param>
    public DeviceList OfRank(int rank, int shards) =>
        _ids.Length > 1 ? Of(_ids.Skip(rank * shards).Take(shards)) : OfShard(rank * shards);

    /// <inheritdoc/>
    public bool Equals(DeviceList? other) => other is not null && _ids.AsSpan().SequenceEqual(other._ids);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeviceList);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_ids.Length, _ids[0]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', _ids);

    private sealed class JsonForm : JsonConverter<DeviceList>
    {
        public override DeviceList Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, DeviceList value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
