using System.Globalization;

namespace Grid.TestUtilities.Load;

/// <summary>Reads a gateway's counters.</summary>
public static class GatewayMetrics
{
    /// <summary>Answers that went on at another rank after their first event.</summary>
    public const string Resumes = "grid:gateway_resumes_total";

    /// <summary>The sum of a counter over its labels; 0 where the gateway does not answer.</summary>
    public static async Task<long> ReadAsync(HttpClient http, Uri gateway, string counter)
    {
        string text;
        try
        {
            text = await http.GetStringAsync(new Uri(gateway, "/metrics"));
        }
        catch (HttpRequestException)
        {
            return 0;
        }

        return text.Split('\n')
            .Where(line => line.StartsWith(counter, StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}
