using System.Text;
using Newtonsoft.Json;

namespace Grid.Grains.Persistence;

/// <summary>
/// Reads version 1 of stored state: JSON that carries the name of the type with every object. The names are skipped, since the state says
/// by itself which type is where; members are found by the names that they had then.
/// </summary>
internal static class JsonState
{
    private static readonly JsonSerializer Reader = JsonSerializer.Create(new JsonSerializerSettings
    {
        TypeNameHandling = TypeNameHandling.None,
        PreserveReferencesHandling = PreserveReferencesHandling.Objects,
        DateParseHandling = DateParseHandling.None,
        ConstructorHandling = ConstructorHandling.AllowNonPublicDefaultConstructor,
        ObjectCreationHandling = ObjectCreationHandling.Replace,
        Converters = { new IdConverter<ReplicaId>(), new IdConverter<ShardId>(), new IdConverter<DeviceId>() },
    });

    /// <summary>Whether stored state is of version 1.</summary>
    public static bool IsJson(ReadOnlySpan<byte> state) => state.StartsWith("{"u8);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is broken.</exception>
    public static T Read<T>(ReadOnlySpan<byte> state)
    {
        using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(state)));
        return Reader.Deserialize<T>(reader) ?? throw new JsonSerializationException("Grain state must not be null.");
    }

    private sealed class IdConverter<TId> : JsonConverter<TId>
        where TId : struct, IGridId<TId>
    {
        public override bool CanWrite => false;

        public override TId ReadJson(JsonReader reader, Type objectType, TId existingValue, bool hasExistingValue,
            JsonSerializer serializer) =>
            TId.TryParse(reader.Value as string, out var id)
                ? id
                : throw new JsonSerializationException($"{typeof(TId).Name} must be {TId.Form}; got '{reader.Value}'.");

        public override void WriteJson(JsonWriter writer, TId value, JsonSerializer serializer) => throw new NotSupportedException();
    }
}
