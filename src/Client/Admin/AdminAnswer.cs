using System.Text.Json.Nodes;

namespace Grid.Client.Admin;

/// <summary>An answer of the admin API.</summary>
/// <typeparam name="T">The parsed content.</typeparam>
/// <param name="Json">The JSON as it was received.</param>
/// <param name="Value">The value that was read from it.</param>
public sealed record AdminAnswer<T>(JsonObject Json, T Value);
