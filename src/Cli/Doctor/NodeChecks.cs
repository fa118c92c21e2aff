using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Client.Admin;
using Grid.Cluster.Security;

namespace Grid.Cli.Doctor;

/// <summary>
/// Asks the nodes of a running grid for their model files and has each measure its links, one pair after another, so that no pair slows
/// another.
/// </summary>
/// <param name="deadline">For all links together.</param>
internal sealed class NodeChecks(GridAdminClient client, TimeProvider time, TimeSpan deadline)
{
    /// <summary>All checks. Nodes that were declared dead or have left are not asked.</summary>
    public async Task<IReadOnlyList<DoctorCheck>> RunAsync(IEnumerable<NodeView> nodes, CancellationToken cancellation)
    {
        string[] names = [
            .. nodes.Where(node => node.State is not (NodeState.Dead or NodeState.Left) && node.Roles.Contains(NodeRoles.Silo))
            .Select(node => node.Name)];
        var (files, silent) = await FilesAsync(names, cancellation);
        return [.. files, .. await LinksAsync(names, silent, cancellation)];
    }

    private async Task<(List<DoctorCheck> Checks, HashSet<string> Silent)> FilesAsync(string[] names, CancellationToken cancellation)
    {
        var found = new Dictionary<string, ModelFiles[]>();
        var (checks, silent) = (new List<DoctorCheck>(), new HashSet<string>());
        foreach (var name in names)
        {
            try
            {
                found[name] = (await client.FilesAsync(name, cancellation)).Value;
            }
            catch (Exception fault) when (IsFault(fault, cancellation))
            {
                checks.Add(DoctorCheck.Fail("files", name, fault.Message));
                silent.Add(name);
            }
        }

        return ([.. FileChecks.Compare(found), .. checks], silent);
    }

    private async Task<List<DoctorCheck>> LinksAsync(string[] names, HashSet<string> silent, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var checks = new List<DoctorCheck>();
        // Who has just not answered is not asked again; others may tell why they cannot reach it.
        foreach (var from in names.Where(name => !silent.Contains(name)))
            foreach (var to in names.Where(to => to != from).Prepend(from))
                checks.Add(
                    time.GetElapsedTime(start) > deadline
                        ? LinkChecks.Skipped(from, to, deadline)
                        : await LinkAsync(from, to, cancellation));
        return checks;
    }

    private async Task<DoctorCheck> LinkAsync(string from, string to, CancellationToken cancellation)
    {
        try
        {
            return LinkChecks.Judge((await client.ProbeAsync(from, from == to ? null : to, cancellation)).Value);
        }
        catch (Exception fault) when (IsFault(fault, cancellation))
        {
            return LinkChecks.Failed(from, to, fault.Message);
        }
    }

    private static bool IsFault(Exception fault, CancellationToken cancellation) =>
        fault is HttpRequestException or AdminClientException or IOException
        || (fault is OperationCanceledException && !cancellation.IsCancellationRequested);
}
