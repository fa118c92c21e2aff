using Grid.Silo.Files;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.Files;

public sealed class ModelInspectorTests
{
    private static readonly string Guide = Fixtures.Model("guide");

    [Fact]
    public void Inspect_GuideFolder_TellsItsSizes()
    {
        var files = new ModelInspector(DeviceKind.Sim).Inspect(Guide);
        Assert.Null(files.Error);
        Assert.StartsWith("sha256:", files.Checksum, StringComparison.Ordinal);
        Assert.Equal(1024, files.MaxModelLen);
        // 6 layers, 4 key and value heads of 32, two bytes each.
        Assert.Equal(2 * 6 * 4 * 32 * 2, files.KVBytesPerToken);
        var onDisk = new FileInfo(Path.Combine(Guide, "model.safetensors")).Length;
        Assert.InRange(files.WeightsBytes, onDisk - 65536, onDisk);
    }

    [Fact]
    public void Inspect_CopyOfAFolder_HasItsChecksumUntilAByteChanges()
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Guide)) File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        var inspector = new ModelInspector(DeviceKind.Sim);
        var original = inspector.Inspect(Guide).Checksum;
        Assert.Equal(original, inspector.Inspect(copy.Path).Checksum);

        var weights = Path.Combine(copy.Path, "model.safetensors");
        using (var handle = File.OpenHandle(weights, FileMode.Open, FileAccess.ReadWrite))
        {
            var last = new byte[1];
            RandomAccess.Read(handle, last, RandomAccess.GetLength(handle) - 1);
            last[0] ^= 1;
            RandomAccess.Write(handle, last, RandomAccess.GetLength(handle) - 1);
        }

        Assert.NotEqual(original, inspector.Inspect(copy.Path).Checksum);
    }

    [Fact]
    public void Inspect_NoModel_TellsWhy()
    {
        var files = new ModelInspector(DeviceKind.Sim).Inspect("/no/such/model");
        Assert.Null(files.Checksum);
        Assert.Contains("/no/such/model", files.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Sim_NeedsNoFiles() => Assert.Null(new ModelInspector(DeviceKind.Sim).Inspect("sim").Error);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("grid").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
