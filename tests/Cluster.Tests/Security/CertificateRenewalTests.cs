using System.Runtime.CompilerServices;
using Grid.Cluster.Security;
using Grid.TestUtilities.Waiting;

namespace Grid.Cluster.Tests.Security;

public sealed class CertificateRenewalTests
{
    [Fact]
    public async Task Run_TwoThirdsOver_Renews()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var (calls, renewed) = (0, new SemaphoreSlim(0));
        var certificates = head.Tls.Certificates;
        var first = certificates.Expires;
        using var renewal = Start(bed, certificates, async () =>
        {
            Interlocked.Increment(ref calls);
            return await head.Issuer.RenewAsync(CancellationToken.None);
        });
        var day = 0;
        for (; certificates.Expires == first && day < 30; day++)
        {
            bed.Time.Advance(TimeSpan.FromHours(24));
            if (day >= 19) await WaitAsync(() => certificates.Expires != first);
        }

        Assert.Equal(20, day);
        Assert.Equal(1, calls);
        Assert.Equal(bed.Time.GetUtcNow() + TimeSpan.FromDays(30), certificates.Expires);
        Assert.Equal(certificates.Current.Thumbprint, NodeCertificates.Load(bed.Folder("head"))!.Current.Thumbprint);
        await renewal.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Run_HeadAway_TriesAgainEachHour()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var calls = 0;
        var certificates = head.Tls.Certificates;
        bed.Time.Advance(TimeSpan.FromDays(21));
        using var renewal = Start(bed, certificates,
            async () =>
            Interlocked.Increment(ref calls) < 3
                ? throw new IOException("The head is away.")
                : await head.Issuer.RenewAsync(CancellationToken.None));
        await WaitAsync(() => Volatile.Read(ref calls) == 1);
        await bed.Log.WaitForAsync("The head is away. It is valid until 2030-05-31");
        var old = certificates.Expires;
        for (var hour = 2; hour <= 3; hour++)
        {
            var expected = hour;
            await WaitAsync(() =>
            {
                if (Volatile.Read(ref calls) < expected) bed.Time.Advance(TimeSpan.FromMinutes(1));
                return Volatile.Read(ref calls) == expected;
            });
        }

        await WaitAsync(() => certificates.Expires != old);
        Assert.True(bed.Time.GetUtcNow() >= new DateTimeOffset(2030, 5, 22, 14, 0, 0, TimeSpan.Zero));
        await renewal.StopAsync(TestContext.Current.CancellationToken);
    }

    private static CertificateRenewal Start(SecurityTestBed bed, NodeCertificates certificates, Func<Task<string>> issue)
    {
        var renewal = new CertificateRenewal(certificates, new Issuer(issue), bed.Time,
            new Microsoft.Extensions.Logging.Logger<CertificateRenewal>(bed.Log));
        renewal.StartAsync(TestContext.Current.CancellationToken);
        return renewal;
    }

    private static Task WaitAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.HoldsAsync(condition, what, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

    private sealed class Issuer(Func<Task<string>> issue) : ICertificateIssuer
    {
        public Task<string> RenewAsync(CancellationToken cancellation) => issue();
    }
}
