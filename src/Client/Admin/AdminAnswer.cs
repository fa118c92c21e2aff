using System.Text.Json.Nodes;

namespace Grid.Client.Admin;

/// <summary>An answer of the admin API.</summary>
/// <typeparam name="T">What it says.</typeparam>
/// <param name="Json">As it came.</param>
/// <param name="Value">As it is read.</param>
public sealed record AdminAnswer<T>(JsonObject Json, T Value);
