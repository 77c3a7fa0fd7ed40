using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Whence;

/// <summary>The tensors of a safetensors file, on disk or in memory.</summary>
internal sealed class Safetensors : WeightSource
{
    // Large enough that a disk reads at its speed, small enough that a tensor of a few of them is shared by the cores.
    private const int PieceBytes = 1 << 20;

    private readonly string file;
    private readonly SafetensorsHeader header;
    private readonly long dataStart;
    private readonly WeightBytes bytes;
    private volatile bool disposed;

    private Safetensors(string file, WeightBytes bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        this.file = file;
        this.bytes = bytes;
        var prefix = new byte[Math.Min(SafetensorsHeader.PrefixLength, bytes.Length)];
        bytes.Read(0, prefix);
        var text = new byte[SafetensorsHeader.LengthOf(prefix, bytes.Length)];
        bytes.Read(prefix.Length, text);
        cancellation.ThrowIfCancellationRequested();
        dataStart = prefix.Length + text.Length;
        header = SafetensorsHeader.Parse(SafetensorsHeader.Decode(text), bytes.Length - dataStart);
        bytes.CheckUnchanged();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<SafetensorsEntry> Entries => header.Entries;

    /// <summary>Opens a file; nothing but its header is read now.</summary>
    public static Safetensors Open(string path, CancellationToken cancellation)
    {
        WeightBytes? bytes = null;
        try
        {
            bytes = new WeightBytes.OnDisk(path);
            return new Safetensors($"'{path}'", bytes, cancellation);
        }
        catch (InvalidDataException e)
        {
            bytes?.Dispose();
            throw new WeightsException($"'{path}' cannot be read as safetensors. {e.Message}", e);
        }
        catch
        {
            bytes?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is in memory.</summary>
    public static Safetensors Read(WeightBytes bytes, CancellationToken cancellation)
    {
        try
        {
            return new Safetensors("the file", bytes, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException($"The weights cannot be read as safetensors. {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string Choose(ReadOnlySpan<string> candidates, Shape shape)
    {
        foreach (var name in candidates)
        {
            if (header.Find(name) is not null)
                return name;
        }
        foreach (var name in candidates)
        {
            if (Parametrisation.Find(name, header) is not null)
                return name;
        }
        throw Missing(candidates.ToArray(), shape);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Parts(string name) =>
        header.Find(name) is null && Parametrisation.Find(name, header) is { } parametrisation
            ? parametrisation.Parts.Select(part => part.Name)
            : [name];

    /// <inheritdoc/>
    public override double[] Read(string name, Shape shape, CancellationToken cancellation)
    {
        var values = header.Find(name) is { } entry ? Read(entry, shape, cancellation) : Fold(name, shape, cancellation);
        bytes.CheckUnchanged();
        return values;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        disposed = true;
        bytes.Dispose();
    }

    private double[] Fold(string name, Shape shape, CancellationToken cancellation)
    {
        var parametrisation = Parametrisation.Find(name, header) ?? throw Missing([name], shape);
        if (parametrisation.Complaint(shape.ToArray()) is { } complaint)
            throw new WeightsException($"Tensor {SafetensorsHeader.Quote(name)} of shape {shape} cannot be made of its parts in {file}: "
                + $"{complaint}.", name, shape, parametrisation.Found);
        var parts = new (int[], double[])[parametrisation.Parts.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parametrisation.Parts[i];
            var axes = new int[part.Axes.Count];
            for (var axis = 0; axis < axes.Length; axis++)
                axes[axis] = (int)part.Axes[axis];
            parts[i] = (axes, Read(part, new Shape(axes), cancellation));
        }
        try
        {
            var values = FoldedWeight.Of(parametrisation.Kind, shape, parts);
            CheckFinite(name, parametrisation.Found, shape, values);
            return values;
        }
        catch (InvalidDataException e)
        {
            throw new WeightsException($"Tensor {SafetensorsHeader.Quote(name)} cannot be made of its parts in {file}: {e.Message}.", name,
                shape, parametrisation.Found);
        }
    }

    private double[] Read(SafetensorsEntry entry, Shape shape, CancellationToken cancellation)
    {
        Check(entry, shape);
        ObjectDisposedException.ThrowIf(disposed, this);
        var values = GC.AllocateUninitializedArray<double>(shape.Size);
        Convert(entry, values, cancellation);
        CheckFinite(entry.Name, $"{entry.DType} {entry.ShapeText}", shape, values);
        return values;
    }

    private WeightsException Missing(string[] candidates, Shape shape)
    {
        var nearest = TensorNames.Nearest(candidates, shape.ToArray(), header.Entries);
        var tried = candidates.Length > 1 ? $" (nor {Listed(candidates.Skip(1))})" : "";
        var hint = nearest.Count == 0
            ? "it has no name like it"
            : $"the nearest of its names {(nearest.Count == 1 ? "is" : "are")} {Listed(nearest)}";
        var advice = ForeignNames.Advice(header.Entries)
            ?? (WeightAdvice.OfMissing(candidates, header) is { } what ? $"Or {what}." : null)
            ?? "Set Name on the layer if the file calls it otherwise.";
        return new WeightsException(
            $"There is no tensor {SafetensorsHeader.Quote(candidates[0])}{tried} of shape {shape} in {file}: {hint}. {advice}",
            candidates[0], shape, null, nearest);
    }

    private void Check(SafetensorsEntry entry, Shape shape)
    {
        var name = SafetensorsHeader.Quote(entry.Name);
        var found = $"{entry.DType} {entry.ShapeText}";
        if (!entry.HasAxes(shape.ToArray()))
            throw new WeightsException($"Tensor {name} has the shape {entry.ShapeText} in {file}, but the network needs {shape}"
                + $"{(WeightAdvice.OfShape(entry, shape.ToArray()) is { } advice ? $": {advice}" : "")}.", entry.Name, shape, found);
        if (!entry.HoldsWeights)
            throw new WeightsException($"Tensor {name} is of type {SafetensorsHeader.Quote(entry.DType)} in {file}, but weights must be "
                + $"{SafetensorsEntry.WeightTypes}.", entry.Name, shape, found);
    }

    private void CheckFinite(string name, string found, Shape shape, double[] values)
    {
        var bad = FirstBad(values);
        if (bad >= 0)
            throw new WeightsException($"Tensor {SafetensorsHeader.Quote(name)} has {values[bad]} at element {bad} in {file}, but weights "
                + "must be finite and fit float32.", name, shape, found);
    }

    // Like the conversions: called a few times, but then for millions of numbers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstBad(double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= float.MaxValue))
                return i;
        }
        return -1;
    }

    /// <summary>Reads and converts piece by piece; of a tensor of several pieces, on all cores.</summary>
    private void Convert(SafetensorsEntry entry, double[] values, CancellationToken cancellation)
    {
        var each = PieceBytes / SafetensorsEntry.ElementSize(entry.DType);
        var pieces = (values.Length + each - 1) / each;
        if (pieces == 1)
        {
            ConvertPiece(entry, values, 0, values.Length);
            return;
        }
        try
        {
            Parallel.For(0, pieces, piece =>
            {
                cancellation.ThrowIfCancellationRequested();
                ConvertPiece(entry, values, piece * each, Math.Min(each, values.Length - piece * each));
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    private void ConvertPiece(SafetensorsEntry entry, double[] values, int start, int count)
    {
        var size = SafetensorsEntry.ElementSize(entry.DType);
        var rented = ArrayPool<byte>.Shared.Rent(count * size);
        try
        {
            var piece = rented.AsSpan(0, count * size);
            bytes.Read(dataStart + entry.Begin + (long)start * size, piece);
            ConvertPiece(entry.DType, piece, values.AsSpan(start, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvertPiece(string dtype, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        switch (dtype)
        {
            case "F64":
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            case "F32":
                for (var i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case "F16":
                for (var i = 0; i < values.Length; i++)
                    values[i] = (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            default:
                for (var i = 0; i < values.Length; i++)
                    values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16);
                break;
        }
    }

    private static string Listed(IEnumerable<string> names) => Listing.Of(names.Select(SafetensorsHeader.Quote));
}
