using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Grid.Abstractions.Nodes;

namespace Grid.Silo.DataPlane;

/// <summary>
/// Measures a link from the dialler's side, as shards would use it: short round trips, then parts of 1 MiB that are each confirmed.
/// </summary>
internal static class LinkProbe
{
    private const int RoundTrips = 51;
    private const int SmallPart = 64;
    private const int WarmParts = 4;
    private const int MaxParts = 48;

    // Enough parts for a number, without filling a slow link for long.
    private static readonly TimeSpan Flow = TimeSpan.FromMilliseconds(300);

    /// <summary>Dials and measures.</summary>
    public static async Task<LinkSpeed> RunAsync(Func<Stream> dial, TimeSpan patience)
    {
        try
        {
            // A measurement blocks, and times of a thread of its own are truer.
            return await Task.Factory.StartNew(() => Measure(dial, patience), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default).WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return LinkSpeed.Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {patience.TotalSeconds:0.###} s"));
        }
        catch (Exception exception)
            when (exception is IOException or System.Security.Authentication.AuthenticationException or FormatException
                or InvalidDataException)
        {
            return LinkSpeed.Failed(exception.Message);
        }
    }

    private static LinkSpeed Measure(Func<Stream> dial, TimeSpan patience)
    {
        using var link = dial();
        link.ReadTimeout = link.WriteTimeout = (int)patience.TotalMilliseconds;
        var buffer = new byte[ProbeResponder.RequestSize + ProbeResponder.MaxPart];
        var times = new double[RoundTrips];
        for (var i = 0; i < RoundTrips; i++) times[i] = Exchange(link, buffer, SmallPart, SmallPart).TotalMicroseconds;
        Array.Sort(times);
        for (var i = 0; i < WarmParts; i++) Exchange(link, buffer, ProbeResponder.MaxPart, 1);
        var (parts, time) = (0, TimeSpan.Zero);
        for (; parts < MaxParts && time < Flow; parts++) time += Exchange(link, buffer, ProbeResponder.MaxPart, 1);
        return new LinkSpeed(LinkDialer.TransportOf(link), times[RoundTrips / 2],
            parts * (double)ProbeResponder.MaxPart / time.TotalSeconds / 1e9, null);
    }

    private static TimeSpan Exchange(Stream link, byte[] buffer, int send, int want)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer, send);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), want);
        var start = Stopwatch.GetTimestamp();
        link.Write(buffer, 0, ProbeResponder.RequestSize + send);
        link.ReadExactly(buffer, 0, want);
        return Stopwatch.GetElapsedTime(start);
    }
}
