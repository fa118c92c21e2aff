using System.Buffers.Binary;
using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Folders;
using Grid.Engine.Weights.Safetensors;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Weights.Safetensors;

public sealed class SafetensorsFileTests
{
    private const string TwoFloats = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void Find_EveryElementType_ReadsExactly()
    {
        using var folder = new TemporaryFolder();
        var header =
            """
            {"__metadata__":{"format":"pt"},"f":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
             "h":{"dtype":"F16","shape":[65536],"data_offsets":[8,131080]},
             "b":{"dtype":"BF16","shape":[65536],"data_offsets":[131080,262152]}}
            """;
        var data = new byte[262152];
        BinaryPrimitives.WriteSingleLittleEndian(data, 1.5f);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4), float.Epsilon);
        for (var i = 0; i < 65536; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(8 + 2 * i), (ushort)i);
            BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(131080 + 2 * i), (ushort)i);
        }
        using var file = new SafetensorsFile(folder.Write("m.safetensors", Make(header, data)));

        Assert.Equal([1.5f, float.Epsilon], Tensors.Read(file.Find("f")!));
        Assert.Equal([2L, 1L], file.Find("f")!.Shape);
        var halves = Tensors.Read(file.Find("h")!);
        var bfloats = Tensors.Read(file.Find("b")!);
        for (var i = 0; i < 65536; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            Assert.True(
                float.IsNaN(expected)
                    ? float.IsNaN(halves[i])
                    : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(halves[i]), $"half {i:x4}");
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(bfloats[i]));
        }
        Assert.Equal(262152, file.TotalBytes);
        Assert.Null(file.Find("absent"));
    }

    [Fact]
    public unsafe void ReadRows_Slice_AgreesWithData()
    {
        using var source = WeightSources.OpenFolder(Fixtures.Own("hf/llama-bf16"), "model.");
        var tensor = source.Require("model.layers.1.mlp.gate_proj.weight", 160, 64);
        var rows = new float[2 * 64];
        tensor.ReadRows(3, 2, rows);

        Assert.Equal(WeightType.BFloat16, tensor.Type);
        var data = new ReadOnlySpan<ushort>((ushort*)tensor.Data + 3 * 64, 128);
        for (var i = 0; i < 128; i++) Assert.Equal((uint)data[i] << 16, BitConverter.SingleToUInt32Bits(rows[i]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ReadRows(159, 2, rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ReadRows(0, 3, rows));
    }

    [Theory]
    [InlineData("{\"a\":", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a")]
    [InlineData("""{"a":7}""", "tensor a must be a JSON object")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "tensor a has no dtype")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor a has no shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "tensor a has no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "must hold 2 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "hold -2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "hold 2.5")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", "hold 99999999999999999999")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}""", "too many elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", "too many elements")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes 12 bytes and its offsets span 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "ends at byte 16 of the data, which has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "tensor b begins at byte 4 and overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "bytes 0 to 4 of the data belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes 4 to 8 of the data belong to no tensor")]
    public void Open_BrokenHeader_NamesFileAndFault(string header, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.safetensors", Make(header, new byte[8]));
        var error = Assert.Throws<ModelLoadException>(() => new SafetensorsFile(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.Broken, error.Kind);
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = Make(TwoFloats, new byte[8]);
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Write("m.safetensors", whole[..length]);
            Assert.Throws<ModelLoadException>(() => new SafetensorsFile(path));
        }
    }

    [Theory]
    [InlineData(100_000_001UL)]
    [InlineData(ulong.MaxValue)]
    public void Open_HugeHeaderLength_StatesTheLimit(ulong length)
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var error = Assert.Throws<ModelLoadException>(() => new SafetensorsFile(folder.Write("m.safetensors", bytes)));
        Assert.Contains("100000000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BytesFlippedAtRandom_NeverReadsOutside()
    {
        const int seed = 20240726;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var whole = Make(TwoFloats, new byte[8]);
        for (var round = 0; round < 500; round++)
        {
            var bytes = whole.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = folder.Write("m.safetensors", bytes);
            try
            {
                using var file = new SafetensorsFile(path);
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
    public void Find_UnsupportedType_NamesIt()
    {
        using var folder = new TemporaryFolder();
        using var file = new SafetensorsFile(
            folder.Write("m.safetensors", Make("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", new byte[8])));
        var error = Assert.Throws<ModelLoadException>(() => file.Find("a"));
        Assert.Contains("F8_E4M3", error.Message, StringComparison.Ordinal);
        Assert.Contains("F32, F16 and BF16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_MissingOrOfAnotherShape_NamesTensorAndShapes()
    {
        using var folder = new TemporaryFolder();
        using IWeightSource file = new SafetensorsFile(folder.Write("m.safetensors", Make(TwoFloats, new byte[8])));
        Assert.Contains("no tensor b (shape [2, 3])", Assert.Throws<ModelLoadException>(() => file.Require("b", 2, 3)).Message,
            StringComparison.Ordinal);
        Assert.Contains("a must have shape [3]; got [2]", Assert.Throws<ModelLoadException>(() => file.Require("a", 3)).Message,
            StringComparison.Ordinal);
        Assert.Equal("a", file.Require("a", 2).Name);
    }

    [Fact]
    public void Open_MissingFile_IsNotFound() =>
        Assert.Equal(ModelLoadFault.NotFound, Assert.Throws<ModelLoadException>(() => new SafetensorsFile("/nowhere/m.safetensors")).Kind);

    internal static byte[] Make(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }

}
