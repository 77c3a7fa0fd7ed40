namespace Whence;

/// <summary>The element type in which weights are saved.</summary>
public enum WeightType
{
    /// <summary>Single precision: what networks compute with.</summary>
    F32,
    /// <summary>Double precision.</summary>
    F64,
    /// <summary>Half precision: 11 significant bits, up to 65,504.</summary>
    F16,
    /// <summary>The upper half of a single: 8 significant bits.</summary>
    BF16,
}

/// <content>Writing.</content>
public sealed partial class Weights
{
    /// <summary>
    /// Writes a safetensors file, which <see cref="Open(string)"/>, PyTorch and others read. The same tensors give the same bytes, in
    /// whatever order they come. The file appears whole or not at all: it is written under another name in its folder and then renamed, so
    /// that a program that has the old one open goes on reading that.
    /// </summary>
    /// <param name="path">The file, which is replaced if it is there.</param>
    /// <param name="tensors">Each tensor by its name, "fc1.weight": a dictionary, for instance. Values are rounded to nearest, ties to
    /// even.</param>
    /// <param name="type">The element type.</param>
    /// <param name="metadata">Further text for the file's header, such as "format"; none if null.</param>
    /// <param name="cancellation">Ends it between two pieces of the file.</param>
    /// <param name="progress">Is told after each piece which share of the numbers is written, up to 1.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty, reserved, no Unicode text or there twice; or a value is not finite, or too large for the element type or for a
    /// single, so that loading would refuse it.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the file is what it was.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, WeightType type = WeightType.F32,
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellation = default,
        IProgress<double>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new SafetensorsFile(tensors, type, metadata);
        if (FileFault.OfFolder(path, "written") is { } folder)
            throw folder;
        var unfinished = $"{Path.GetFullPath(path)}.{Guid.NewGuid():n}.unfinished";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(stream, cancellation, progress);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error)
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            if (error is IOException or UnauthorizedAccessException)
                throw FileFault.OfWriting(path, unfinished, error);
            throw;
        }
    }

    /// <summary>
    /// Writes what <see cref="Save(string, IEnumerable{KeyValuePair{string, Tensor}}, WeightType, IReadOnlyDictionary{string, string}?,
    /// CancellationToken, IProgress{double}?)"/> does, to a stream.
    /// </summary>
    /// <param name="stream">Where to; it is left open.</param>
    /// <param name="tensors">Each tensor by its name.</param>
    /// <param name="type">The element type.</param>
    /// <param name="metadata">Further text for the header; none if null.</param>
    /// <param name="cancellation">Ends it between two pieces of the file.</param>
    /// <param name="progress">Is told after each piece which share of the numbers is written, up to 1.</param>
    /// <exception cref="ArgumentException">As there; nothing is written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; a part may be written.</exception>
    public static void Save(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, WeightType type = WeightType.F32,
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellation = default,
        IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        new SafetensorsFile(tensors, type, metadata).Write(stream, cancellation, progress);
    }
}
