using System.Text.Json;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>
/// The last answer of the head, in <c>membership.json</c> (0600): with it a node starts again while the head is unreachable.
/// </summary>
/// <param name="Terms">The addresses of the grid's parts when it joined.</param>
internal sealed record SavedMembership(string ClusterId, GridTerms Terms)
{
    /// <summary>Null where the folder never joined.</summary>
    public static SavedMembership? Load(string folder)
    {
        try
        {
            return File.Exists(FileOf(folder))
                ? JsonSerializer.Deserialize<SavedMembership>(File.ReadAllText(FileOf(folder)), JoinJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Save(string folder) => AtomicFile.WriteSecret(FileOf(folder), JsonSerializer.Serialize(this, JoinJson.Options));

    private static string FileOf(string folder) => Path.Combine(folder, "membership.json");
}
