using System.Globalization;

namespace Grid.TestUtilities.Load;

/// <summary>Reads a gateway's counters.</summary>
public static class GatewayMetrics
{
    /// <summary>Answers that went on at another rank after their first event.</summary>
    public const string Resumes = "grid:gateway_resumes_total";

    private const string InFlight = "grid:gateway_in_flight";

    /// <summary>The sum of a counter over its labels; 0 where the gateway does not answer.</summary>
    public static async Task<long> ReadAsync(HttpClient http, Uri gateway, string counter) =>
        (await LinesAsync(http, gateway, counter)).Sum(
        line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>The sum of a metric over its labels, whole or not; 0 where there is none.</summary>
    public static async Task<double> SumAsync(HttpClient http, Uri server, string metric) =>
        (await LinesAsync(http, server, metric)).Sum(
        line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>The ranks that a gateway's table has; 0 where the gateway does not answer.</summary>
    public static async Task<int> RanksAsync(HttpClient http, Uri gateway) => (await LinesAsync(http, gateway, InFlight)).Length;

    private static async Task<string[]> LinesAsync(HttpClient http, Uri gateway, string metric)
    {
        try
        {
            var text = await http.GetStringAsync(new Uri(gateway, "/metrics"));
            return [.. text.Split('\n').Where(line => line.StartsWith(metric, StringComparison.Ordinal))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }
}
