using System.Diagnostics;
using System.Globalization;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Client.Admin;

namespace Grid.Cli.Doctor;

/// <summary>
/// Looks whether a running grid can be reached: its admin API, its gateways, its nodes as the grid sees them, and what they see of each
/// other.
/// </summary>
/// <param name="find">Finds the admin API of the grid.</param>
/// <param name="http">A client whose time limit suits a check.</param>
internal sealed class NetworkChecks(Func<GridAccess> find, HttpClient http)
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LinksDeadline = TimeSpan.FromSeconds(60);

    /// <summary>All checks of the network. Without a grid on this machine there is one row, which warns.</summary>
    public async Task<IReadOnlyList<DoctorCheck>> RunAsync(CancellationToken cancellation)
    {
        GridAccess access;
        try
        {
            access = find();
        }
        catch (CommandException fault)
        {
            return [DoctorCheck.Warn("grid", "localhost", fault.Message)];
        }

        var client = new GridAdminClient(http, access.Server, access.Key, "doctor");
        try
        {
            var start = Stopwatch.GetTimestamp();
            var status = (await client.StatusAsync(cancellation)).Value;
            List<DoctorCheck> checks = [
                DoctorCheck.Ok("admin", $"{access.Server}",
                    Answered(start, $"grid {status.Name}, {status.Nodes.Ready} of {status.Nodes.Total} nodes ready")), Store(status)];
            foreach (var gateway in status.Gateways) checks.Add(await GatewayAsync(gateway, cancellation));
            var nodes = (await client.NodesAsync(cancellation)).Value;
            checks.AddRange(nodes.Select(Node));
            // A measurement takes longer than an answer may.
            using var patient = new HttpClient { Timeout = ProbePatience };
            checks.AddRange(
                await new NodeChecks(new GridAdminClient(patient, access.Server, access.Key, "doctor"), TimeProvider.System,
                LinksDeadline).RunAsync(nodes, cancellation));
            return checks;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or AdminClientException or IOException
                || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return [DoctorCheck.Fail("admin", $"{access.Server}", fault.Message)];
        }
    }

    private static DoctorCheck Store(GridStatus status) => status.Store.State == StoreView.Healthy
        ? DoctorCheck.Ok("store", status.Store.Kind, status.Store.State)
        : DoctorCheck.Fail("store", status.Store.Kind, $"{status.Store.State}: nothing new can be decided until it answers");

    private static DoctorCheck Node(NodeView node)
    {
        var detail =
            string.Join(": ", new[] { node.State.ToString(), node.Reason, node.Message }.Where(text => !string.IsNullOrEmpty(text)));
        return node.State switch
        {
            NodeState.NotReady or NodeState.Dead =>
                DoctorCheck.Fail("node", node.Name, $"{detail}, last seen {node.LastSeenAt.UtcDateTime:u}"),
            NodeState.Ready => DoctorCheck.Ok("node", node.Name, $"{detail} at {node.Address}, version {node.Version}"),
            _ => DoctorCheck.Warn("node", node.Name, detail),
        };
    }

    private async Task<DoctorCheck> GatewayAsync(GatewayView gateway, CancellationToken cancellation)
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(new Uri($"{gateway.Url.TrimEnd('/')}/readyz"), cancellation);
            return answer.IsSuccessStatusCode
                ? DoctorCheck.Ok("gateway", gateway.Url, Answered(start, gateway.Name))
                : DoctorCheck.Warn("gateway", gateway.Url, $"{gateway.Name}: not ready, {(int)answer.StatusCode}");
        }
        catch (Exception fault)
            when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return DoctorCheck.Fail("gateway", gateway.Url, $"{gateway.Name}: {fault.Message}");
        }
    }

    private static string Answered(long start, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, answered in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
}
