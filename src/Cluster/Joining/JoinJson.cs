using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Cluster.Joining;

/// <summary>The form of the join exchange and of <c>membership.json</c>.</summary>
internal static class JoinJson
{
    public const string Path = "/join/v1";

    public static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, WriteIndented = true };
}
