using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace Spark.Engine;

/// <summary>One memory-mapped safetensors file: eight bytes of header length, a JSON header, then the tensors (https://github.com/huggingface/safetensors).</summary>
internal sealed unsafe class SafetensorsFile : IDisposable
{
    readonly Dictionary<string, TensorView> tensors = [];
    readonly string path;
    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    readonly byte* start;

    public SafetensorsFile(string path)
    {
        this.path = path;
        var length = new FileInfo(path).Length;
        if (length < 8)
            throw new ModelFormatException($"{path}: {length} bytes are too few for a safetensors file. Copy it again.");
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            ReadHeader(length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IEnumerable<string> Names => tensors.Keys;

    public bool TryGet(string name, out TensorView tensor) => tensors.TryGetValue(name, out tensor);

    void ReadHeader(long fileLength)
    {
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(start, 8));
        if (headerLength < 2 || headerLength > fileLength - 8 || headerLength > int.MaxValue)
            throw new ModelFormatException($"{path}: the header claims {headerLength} bytes and the file has {fileLength}. It is truncated or not safetensors.");
        try
        {
            using var header = JsonDocument.Parse(new ReadOnlySpan<byte>(start + 8, (int)headerLength).ToArray());
            foreach (var entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
                Add(entry.Name, entry.Value, 8 + headerLength, fileLength);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFormatException($"{path}: the header is not the JSON that safetensors prescribes ({e.Message}). Copy the file again.");
        }
    }

    void Add(string name, JsonElement entry, long dataStart, long fileLength)
    {
        var shape = entry.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
        var offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64()).ToArray();
        WeightType? type = entry.GetProperty("dtype").GetString() switch
        {
            "BF16" => WeightType.BFloat16,
            "F16" => WeightType.Float16,
            "F32" => WeightType.Float32,
            _ => null,
        };
        if (type is null || shape.Length is < 1 or > 2)
            return; // Refused by name if the model asks for it; checkpoints may hold buffers that it does not use.
        var elements = shape.Aggregate(1L, (product, d) => product * d);
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] - offsets[0] != elements * (type == WeightType.Float32 ? 4 : 2))
            throw new ModelFormatException($"{path}: tensor '{name}' of shape [{string.Join(", ", shape)}] has data_offsets [{string.Join(", ", offsets)}], which is not its size. The file is corrupt.");
        if (dataStart + offsets[1] > fileLength)
            throw new ModelFormatException($"{path}: tensor '{name}' ends at byte {dataStart + offsets[1]} and the file at {fileLength}. It is truncated: copy it again.");
        tensors[name] = new TensorView(type.Value, shape.Length == 2 ? shape[0] : 1, shape[^1], start + dataStart + offsets[0]);
    }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }
}
