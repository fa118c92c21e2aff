using System.IO.Compression;
using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Weights.Folders;
using Grid.Engine.Weights.Pickle;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Weights.Pickle;

public sealed class TorchFileTests
{
    [Theory]
    [InlineData("eval.bin", "asks for __builtin__.eval, which is refused")]
    [InlineData("getattr.bin", "asks for __builtin__.getattr, which is refused")]
    [InlineData("os-system.bin", "asks for posix.system, which is refused")]
    [InlineData("subprocess.bin", "asks for commands.getoutput, which is refused")]
    [InlineData("legacy-system.bin", "asks for posix.system, which is refused")]
    [InlineData("not-a-zip.bin", "zip archive is broken or truncated")]
    [InlineData("truncated-zip.bin", "zip archive is broken or truncated")]
    [InlineData("truncated-pickle.bin", "the pickle is truncated")]
    [InlineData("short-storage.bin", "storage data/0 of 16 elements (FloatStorage) must have 64 bytes; got 8")]
    public void Open_BadPickle_NamesWhatItAsksForOrWhatIsBroken(string name, string expected)
    {
        var path = Fixtures.Own($"bad-pickles/{name}");
        var error = Assert.Throws<ModelLoadException>(() => new TorchFile(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.Broken, error.Kind);
    }

    [Fact]
    public void OpenFolder_OptAsPublished_EqualsTheSafetensorsOfTheSameModel()
    {
        using var expected = WeightSources.OpenFolder(Fixtures.Own("hf/opt"), "model.");
        using var actual = WeightSources.OpenFolder(Fixtures.Own("hf/opt-bin"), "model.");
        Tensors.AssertSame(expected, actual);
    }

    [Fact]
    public unsafe void Find_TransposedView_IsReadByItsStrides()
    {
        using var folder = new TemporaryFolder();
        using var file = new TorchFile(Make(folder, StateDict("t", "FloatStorage", 6, 0, [3, 2], [1, 3]), Floats(0, 1, 2, 3, 4, 5)));
        var tensor = file.Find("t")!;
        Assert.Equal([3L, 2L], tensor.Shape);
        Assert.True(tensor.Data is null);
        Assert.Equal([0, 3, 1, 4, 2, 5f], Tensors.Read(tensor));
        var row = new float[2];
        tensor.ReadRows(2, 1, row);
        Assert.Equal([2, 5f], row);
        Assert.Null(file.Find("absent"));
        Assert.Equal(24, file.TotalBytes);
    }

    [Fact]
    public unsafe void Find_ContiguousView_LiesInTheFile()
    {
        using var folder = new TemporaryFolder();
        using var file = new TorchFile(Make(folder, StateDict("t", "FloatStorage", 6, 2, [2, 2], [2, 1]), Floats(0, 1, 2, 3, 4, 5)));
        var tensor = file.Find("t")!;
        Assert.Equal([2, 3, 4, 5f], new ReadOnlySpan<float>(tensor.Data, 4).ToArray());
    }

    [Fact]
    public void Find_UnsupportedStorage_NamesIt()
    {
        using var folder = new TemporaryFolder();
        using var file = new TorchFile(Make(folder, StateDict("t", "LongStorage", 1, 0, [1], [1]), new byte[8]));
        Assert.Contains("tensor t is a LongStorage", Assert.Throws<ModelLoadException>(() => file.Find("t")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FloatStorage", 6, 1, new long[] { 6 }, new long[] { 1 }, "reaches beyond its storage 0 of 6 elements")]
    [InlineData("FloatStorage", 6, 0, new long[] { 2, 2 }, new long[] { 5, 1 }, "reaches beyond its storage")]
    [InlineData("FloatStorage", 6, 0, new long[] { 2 }, new long[] { -1 }, "stride must hold whole numbers from 0")]
    [InlineData("FloatStorage", 6, -1, new long[] { 2 }, new long[] { 1 }, "do not belong together")]
    [InlineData("FloatStorage", 6, 0, new long[] { 2, 2 }, new long[] { 1 }, "do not belong together")]
    [InlineData("FloatStorage", 6, 0, new long[] { long.MaxValue, long.MaxValue }, new long[] { 0, 0 }, "too many elements")]
    [InlineData("FloatStorage", 6, 0, new long[] { 2, 2, 2 }, new long[] { long.MaxValue, long.MaxValue, long.MaxValue },
        "reaches beyond its storage")]
    [InlineData("FloatStorage", 7, 0, new long[] { 1 }, new long[] { 1 }, "must have 28 bytes; got 24")]
    [InlineData("FloatStorage", long.MaxValue, 0, new long[] { 1 }, new long[] { 1 }, "got 24")]
    [InlineData("ComplexFloatStorage", 6, 0, new long[] { 1 }, new long[] { 1 }, "asks for torch.ComplexFloatStorage, which is refused")]
    public void Open_ViewOutsideItsStorage_IsRefused(string type, long count, long offset, long[] size, long[] stride, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, StateDict("t", type, count, offset, size, stride), new byte[24]);
        Assert.Contains(expected, Assert.Throws<ModelLoadException>(() => new TorchFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BytesFlippedAtRandom_NeverReadsOutside()
    {
        const int seed = 4242;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Make(folder, StateDict("t", "FloatStorage", 6, 0, [3, 2], [1, 3]), new byte[24]));
        for (var round = 0; round < 500; round++)
        {
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = folder.Write("m.bin", bytes);
            try
            {
                using var file = new TorchFile(path);
                foreach (var name in file.Names) Tensors.Read(file.Find(name)!);
            }
            catch (ModelLoadException)
            {
                continue;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {e}");
            }
        }
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Make(folder, StateDict("t", "FloatStorage", 6, 0, [6], [1]), new byte[24]));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write("m.bin", whole[..length]);
            Assert.Throws<ModelLoadException>(() => new TorchFile(path));
        }
    }

    [Fact]
    public void Open_LegacyOrCompressedOrWithoutPickle_IsRefusedClearly()
    {
        using var folder = new TemporaryFolder();
        byte[] legacy = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
        Assert.Contains("before torch 1.6", Refusal(folder.Write("m.bin", legacy)), StringComparison.Ordinal);
        Assert.Contains("compressed",
            Refusal(Make(folder, [.. Enumerable.Repeat((byte)'N', 1000), (byte)'.'], [], CompressionLevel.Optimal)),
            StringComparison.Ordinal);
        Assert.Contains("must hold a dict of tensors", Refusal(Make(folder, "N."u8.ToArray(), [])), StringComparison.Ordinal);
        Assert.Contains("opcode 0x81", Refusal(Make(folder, [0x81, (byte)'.'], [])), StringComparison.Ordinal);
        Assert.Contains("takes more from its stack", Refusal(Make(folder, "0."u8.ToArray(), [])), StringComparison.Ordinal);
        Assert.Contains("memo 7", Refusal(Make(folder, "h\a."u8.ToArray(), [])), StringComparison.Ordinal);

        static string Refusal(string path) => Assert.Throws<ModelLoadException>(() => new TorchFile(path)).Message;
    }

    private static byte[] Floats(params float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static string Make(TemporaryFolder folder, byte[] pickle, byte[] storage,
        CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in new[] { ("archive/data.pkl", pickle), ("archive/byteorder", "little"u8.ToArray()),
                ("archive/data/0", storage) })
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        return folder.Write("made.bin", stream.ToArray());
    }

    /// <summary>The pickle of a state dict with one tensor, as torch.save writes it.</summary>
    private static byte[] StateDict(string name, string storageType, long count, long offset, long[] size, long[] stride)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Raw("\u0080\u0002ccollections\nOrderedDict\n)R(");
        Text(name);
        Raw("ctorch._utils\n_rebuild_tensor_v2\n((");
        Text("storage");
        Raw($"ctorch\n{storageType}\n");
        Text("0");
        Text("cpu");
        Number(count);
        Raw("tQ");
        Number(offset);
        Raw("(");
        foreach (var item in size) Number(item);
        Raw("t(");
        foreach (var item in stride) Number(item);
        Raw("t\u0089ccollections\nOrderedDict\n)RtRu}");
        Text("_metadata");
        Raw("}sb.");
        return stream.ToArray();

        void Raw(string text) => writer.Write(Encoding.Latin1.GetBytes(text));

        void Text(string text)
        {
            writer.Write((byte)'X');
            writer.Write(text.Length);
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        void Number(long number)
        {
            writer.Write((byte)0x8a);
            writer.Write((byte)8);
            writer.Write(number);
        }
    }
}
