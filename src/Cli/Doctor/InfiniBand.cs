namespace Grid.Cli.Doctor;

/// <summary>The RDMA adapters of this machine.</summary>
internal static class InfiniBand
{
    private const string Folder = "/sys/class/infiniband";
    private const string Active = "ACTIVE";

    /// <summary>A row for each adapter's port, from the kernel's files; none where there is no adapter.</summary>
    public static IEnumerable<DoctorCheck> Checks(string folder = Folder)
    {
        foreach (var adapter in Folders(folder))
            foreach (var port in Folders(Path.Combine(adapter, "ports")))
                yield return Check($"{Path.GetFileName(adapter)}:{Path.GetFileName(port)}", Read(port, "state"), Read(port, "rate"));
    }

    private static IEnumerable<string> Folders(string parent) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent).Order(StringComparer.Ordinal) : [];

    private static DoctorCheck Check(string target, string state, string rate) => state.Contains(Active, StringComparison.Ordinal)

            ? DoctorCheck.Ok("infiniband", target, $"{state}, {rate}")
            : DoctorCheck.Warn("infiniband", target, $"{state}: no traffic goes over it");

    private static string Read(string port, string file) =>
        File.Exists(Path.Combine(port, file)) ? File.ReadAllText(Path.Combine(port, file)).Trim() : "unknown";
}
