using Grid.Abstractions.Nodes;

namespace Grid.Cli.Doctor;

/// <summary>Holds what nodes found at models' sources against each other: placement takes nodes with the same files alone.</summary>
internal static class FileChecks
{
    private const string Check = "files";

    /// <summary>A row for each source, and one for each node that differs from most, lacks it, or has not looked yet.</summary>
    public static IEnumerable<DoctorCheck> Compare(IReadOnlyDictionary<string, ModelFiles[]> nodes)
    {
        foreach (var source in nodes.Values.SelectMany(files => files).Select(files => files.Source).Distinct()
            .Order(StringComparer.Ordinal))
        {
            var found = nodes.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => (Node: pair.Key, Files: pair.Value.FirstOrDefault(files => files.Source == source))).ToList();
            var most = found.Where(node => Checksum(node.Files) is not null).GroupBy(node => Checksum(node.Files)!)
                .OrderByDescending(group => group.Count()).FirstOrDefault();
            var there = most is null ? "" : string.Join(", ", most.Select(node => node.Node));
            if (most is not null) yield return DoctorCheck.Ok(Check, source, $"{most.Key} on {there}");
            foreach (var (node,
                files) in found.Where(
                node => most is null || Checksum(node.Files) != most.Key)) yield return Differing($"{source} on {node}", files, most?.Key,
                    there);
        }
    }

    private static DoctorCheck Differing(string target, ModelFiles? files, string? most, string there) => files switch
    {
        null => DoctorCheck.Warn(Check, target, "not inspected yet: ask again in a few seconds"),
        { Error: { } error } =>
            DoctorCheck.Fail(Check, target, $"{error} Nothing of it is placed there: copy the files from a node that has them."),
        _ => DoctorCheck.Fail(Check, target,
            $"{files.Checksum}, and {most} on {there}: nothing of one replica is placed on both. Copy the files again."),
    };

    private static string? Checksum(ModelFiles? files) => files is { Error: null } ? files.Checksum : null;
}
