using System.Diagnostics;
using System.Text.Json;

namespace Grid.Architecture.Tests;

public sealed class CudaBackendTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public static TheoryData<string> TorchProjects => [.. ProjectFile.All().Where(file => file.ImportsTorch).Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(TorchProjects))]
    public async Task TorchBackend_Cuda_SwapsTheNativePackage(string project)
    {
        var packages = await EvaluatePackagesAsync(project, "cuda");
        Assert.Contains("TorchSharp-cuda-linux", packages);
        Assert.DoesNotContain("libtorch-cpu-linux-x64", packages);
    }

    private static async Task<string[]> EvaluatePackagesAsync(string project, string backend)
    {
        var start = new ProcessStartInfo("dotnet",
            ["msbuild", project, "-getItem:PackageReference", $"-p:TorchBackend={backend}", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Timeout);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        Assert.True(process.ExitCode == 0, $"{await output}{await errors}");

        using var document = JsonDocument.Parse(await output);
        var items = document.RootElement.GetProperty("Items").GetProperty("PackageReference");
        return [.. items.EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!)];
    }
}
