// A fragment run by MSBuild (Torch.targets): marks one ELF version need of a shared library as weak in a copy of it.
// Result is the library to use: the source itself where the system's libstdc++ already has the version.
System.Func<byte[], string, bool> contains = (data, text) =>
    System.Text.Encoding.GetEncoding("ISO-8859-1").GetString(data).IndexOf(text, System.StringComparison.Ordinal) >= 0;
foreach (var folder in new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib" })
{
    var library = System.IO.Path.Combine(folder, "libstdc++.so.6");
    if (!System.IO.File.Exists(library)) continue;
    if (contains(System.IO.File.ReadAllBytes(library), VersionName + "\0")) { Result = Source; return true; }
    break;
}
Result = Destination;
if (System.IO.File.Exists(Destination) && System.IO.File.GetLastWriteTimeUtc(Destination) >= System.IO.File.GetLastWriteTimeUtc(Source)) return true;

var elf = System.IO.File.ReadAllBytes(Source);
System.Func<long, long> u64 = offset => (long)System.BitConverter.ToUInt64(elf, (int)offset);
System.Func<long, uint> u32 = offset => System.BitConverter.ToUInt32(elf, (int)offset);
System.Func<long, int> u16 = offset => System.BitConverter.ToUInt16(elf, (int)offset);
const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
const byte WeakFlag = 2; // VER_FLG_WEAK
long headers = u64(0x28);
int headerSize = u16(0x3A), headerCount = u16(0x3C), marked = 0;
for (int section = 0; section < headerCount; section++)
{
    long header = headers + section * headerSize;
    if (u32(header + 4) != VersionNeedSection) continue;
    long strings = u64(headers + u32(header + 0x28) * headerSize + 0x18);
    long need = u64(header + 0x18);
    for (uint library = 0; library < u32(header + 0x2C); library++)
    {
        long entry = need + u32(need + 8);
        for (int i = 0; i < u16(need + 2); i++)
        {
            int start = (int)(strings + u32(entry + 8)), end = start;
            while (elf[end] != 0) end++;
            if (System.Text.Encoding.ASCII.GetString(elf, start, end - start) == VersionName) { elf[entry + 4] |= WeakFlag; marked++; }
            entry += u32(entry + 12);
        }
        need += u32(need + 12);
    }
}
System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Destination));
System.IO.File.WriteAllBytes(Destination, elf);
System.IO.File.SetLastWriteTimeUtc(Destination, System.IO.File.GetLastWriteTimeUtc(Source));
Log.LogMessage(Microsoft.Build.Framework.MessageImportance.Normal, "marked " + marked + " needs of " + VersionName + " weak in " + Destination);
