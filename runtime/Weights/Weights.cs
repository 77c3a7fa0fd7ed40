using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;

namespace Whence;

/// <summary>
/// Named tensors to load a network from. A tensor is converted to double when it is first asked for and kept; any number of threads may
/// ask at once. Disposing gives back the file: tensors that were asked for stay readable, others do not. A network asks for all of
/// its tensors while it loads, so it stays whole after its weights are disposed. A weight that PyTorch saved in the parts of weight norm,
/// spectral norm or pruning is found under its own name, and made of them in double precision.
/// </summary>
public sealed partial class Weights : IDisposable
{
    private const int PieceBytes = 1 << 18;

    private readonly WeightSource source;
    private readonly ConcurrentDictionary<string, Lazy<Converted>> converted;
    private readonly CancellationToken cancellation;
    private readonly ToldProgress? told;
    private bool isOfNetwork;

    internal Weights(WeightSource source) : this(source, new(), default, null)
    {
    }

    private Weights(WeightSource source, ConcurrentDictionary<string, Lazy<Converted>> converted, CancellationToken cancellation,
        ToldProgress? told) => (this.source, this.converted, this.cancellation, this.told) = (source, converted, cancellation, told);

    /// <summary>
    /// Opens a safetensors file and checks its header; tensors are read when they are asked for. A file that is deleted meanwhile, or
    /// replaced by another that is renamed over it, is read as it was; one that is shortened or written to gives a
    /// <see cref="WeightsException"/>. A relative path is sought in the current directory, then beside the program, where the build puts
    /// what <c>&lt;WhenceWeights&gt;</c> lists.
    /// </summary>
    /// <exception cref="WeightsException">The file is damaged, or is being written.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static Weights Open(string path) => Open(path, default);

    /// <inheritdoc cref="Open(string)"/>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends the reading of the header; that of tensors is ended by the token that Load is given.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Weights Open(string path, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Weights(Safetensors.Open(Locate(path, AppContext.BaseDirectory), cancellation));
    }

    /// <summary>Reads the bytes of a safetensors file. They must not change until the weights are disposed.</summary>
    /// <exception cref="WeightsException">The file is damaged.</exception>
    public static Weights Read(ReadOnlyMemory<byte> file) => new(Safetensors.Read(new WeightBytes.Memory(file), default));

    /// <summary>
    /// Reads a safetensors file from a stream, all that is left of it; of memory that is not the collector's nothing is copied.
    /// </summary>
    /// <param name="stream">Where the file is. It is not closed, nor may what it reads be given back before the weights are
    /// disposed.</param>
    /// <exception cref="WeightsException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Weights Read(Stream stream) => Read(stream, default);

    /// <inheritdoc cref="Read(Stream)"/>
    /// <param name="stream">Where the file is. It is not closed, nor may what it reads be given back before the weights are
    /// disposed.</param>
    /// <param name="cancellation">Ends it between two pieces of the stream.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Weights Read(Stream stream, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream is UnmanagedMemoryStream memory)
            return new Weights(Safetensors.Read(new WeightBytes.Unmanaged(memory), cancellation));
        using var copy = new MemoryStream();
        var piece = new byte[PieceBytes];
        for (var read = -1; read != 0; copy.Write(piece, 0, read))
        {
            cancellation.ThrowIfCancellationRequested();
            read = stream.Read(piece);
        }
        return new Weights(Safetensors.Read(new WeightBytes.Memory(copy.GetBuffer().AsMemory(0, (int)copy.Length)), cancellation));
    }

    /// <summary>
    /// Reads weights that lie in the program itself: those that the project lists as <c>&lt;WhenceWeights Include="digits.safetensors"
    /// Embed="true" /&gt;</c>, or another embedded resource. Nothing is copied, and ahead of time it works as it does with a JIT:
    /// <c>DigitNet.Load(Weights.Embedded(typeof(DigitNet).Assembly, "digits.safetensors"))</c>.
    /// </summary>
    /// <param name="assembly">Where the resource is.</param>
    /// <param name="name">Its name: of a listed file, the file's name without its folder.</param>
    /// <exception cref="ArgumentException">The assembly has no such resource; the message names those that it has.</exception>
    /// <exception cref="WeightsException">It is no safetensors file.</exception>
    public static Weights Embedded(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (assembly.GetManifestResourceStream(name) is { } resource)
            return Read(resource);
        var names = assembly.GetManifestResourceNames();
        var known = names.Length == 0 ? "it has none" : $"it has {Listing.Of(names.Select(SafetensorsHeader.Quote))}";
        throw new ArgumentException($"{assembly.GetName().Name} has no resource {SafetensorsHeader.Quote(name)}: {known}. List the weights "
            + "in the project with Embed=\"true\".", nameof(name));
    }

    /// <summary>
    /// Weights by chance for whatever is asked, to try out a network that is not trained: the same for the same seed and name, and of a
    /// size that keeps activations in range through many layers. Any number of networks may be loaded from them.
    /// </summary>
    public static Weights Random(int seed) => new(new Initialise(seed));

    /// <summary>
    /// The same weights for one network, of which nothing more is given once this is cancelled: who asks gets an
    /// <see cref="OperationCanceledException"/>. Disposing either gives back the file. Called by generated code.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Weights WithCancellation(CancellationToken cancellation)
    {
        // Chance gives each network tensors of the shapes that it asks for first, whatever another has under their names.
        var own = source.HasAnyShape && !isOfNetwork ? new() : converted;
        return new(source, own, cancellation, told) { isOfNetwork = true };
    }

    /// <summary>
    /// The same weights, which tell after each tensor that is read which share of the file's numbers has been:
    /// <c>Net.Load(weights.WithProgress(progress))</c>. It is 1 at the end if the network has all tensors of the file and none was read
    /// before; of weights by chance nothing is told. Disposing either gives back the file.
    /// </summary>
    /// <param name="progress">Who is told, by whichever thread reads.</param>
    public Weights WithProgress(IProgress<double> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return new(source, converted, cancellation, ToldProgress.Of(progress, source.Numbers(source.Entries.Select(entry => entry.Name))))
        {
            isOfNetwork = isOfNetwork,
        };
    }

    /// <summary>A tensor's elements, row-major. The array is shared by all who ask: it must not be changed.</summary>
    /// <exception cref="WeightsException">The tensor is missing (the message gives the nearest names) or has another shape or
    /// type.</exception>
    public double[] Values(string name, Shape shape) => Values([name], shape);

    /// <summary>
    /// The elements of the first of these tensors that the file has, row-major. The array is shared: it must not be changed.
    /// </summary>
    /// <exception cref="WeightsException">The file has none of the names, or the tensor has another shape or type.</exception>
    public double[] Values(ReadOnlySpan<string> candidates, Shape shape) => Find(candidates, shape).Values;

    /// <summary>A tensor, for the eager run.</summary>
    /// <exception cref="WeightsException">The tensor is missing (the message gives the nearest names) or has another shape or
    /// type.</exception>
    public Tensor Tensor(string name, Shape shape) => Tensor([name], shape);

    /// <summary>The first of these tensors that the file has, for the eager run.</summary>
    /// <exception cref="WeightsException">The file has none of the names, or the tensor has another shape or type.</exception>
    public Tensor Tensor(ReadOnlySpan<string> candidates, Shape shape) => Find(candidates, shape).Tensor;

    /// <summary>
    /// The tensors of the file that nobody has asked for, in the order of the file; BatchNorm's num_batches_tracked is not counted.
    /// </summary>
    public IReadOnlyList<string> Unused()
    {
        var used = converted.Keys.SelectMany(source.Parts).ToHashSet(StringComparer.Ordinal);
        return [.. source.Entries.Select(entry => entry.Name).Where(name => !TensorNames.IsIgnored(name) && !used.Contains(name))];
    }

    /// <summary>Throws if a tensor of the file was not asked for: the file is then of another network.</summary>
    /// <exception cref="WeightsException">A tensor was not asked for.</exception>
    public void RequireAllUsed()
    {
        var unused = Unused();
        if (unused.Count == 0)
            return;
        var names = Listing.Of(unused.Select(SafetensorsHeader.Quote));
        throw new WeightsException(
            $"The network does not use {unused.Count} of the file's {source.Entries.Count} tensors: {names}. The file may be of another "
                + "network, or a layer is missing.",
            unused[0], null, null);
    }

    /// <summary>Gives back the file.</summary>
    public void Dispose() => source.Dispose();

    internal static string Locate(string path, string programFolder)
    {
        var beside = Path.Combine(programFolder, path);
        return !File.Exists(path) && File.Exists(beside) ? beside : path;
    }

    private Converted Find(ReadOnlySpan<string> candidates, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (candidates.IsEmpty)
            throw new ArgumentException("Expected at least one name of a tensor, found none.", nameof(candidates));
        cancellation.ThrowIfCancellationRequested();
        var name = source.Choose(candidates, shape);
        var found = Convert(name, shape);
        if (!found.Shape.Equals(shape))
            throw new WeightsException($"Tensor {SafetensorsHeader.Quote(name)} has the shape {found.Shape}, but the network needs "
                + $"{shape}.", name, shape, found.Shape.ToString());
        return found;
    }

    private Converted Convert(string name, Shape shape)
    {
        while (true)
        {
            var entry = converted.GetOrAdd(name,
                static (name, from) => new(() => from.weights.Read(name, from.shape)), (shape, weights: this));
            try
            {
                return entry.Value;
            }
            catch (Exception error)
            {
                // A Lazy keeps its exception: the next to ask may ask for the right shape.
                converted.TryRemove(new(name, entry));
                // Of another that asked at the same time and was cancelled, where this one was not: it asks anew.
                if (error is not OperationCanceledException || cancellation.IsCancellationRequested)
                    throw;
            }
        }
    }

    private Converted Read(string name, Shape shape)
    {
        var values = source.Read(name, shape, cancellation);
        told?.Add(source.Numbers(source.Parts(name)));
        return new(shape, values);
    }

    private sealed class Converted(Shape shape, double[] values)
    {
        public Shape Shape => shape;

        public double[] Values => values;

        public Tensor Tensor { get; } = Tensor.Own(shape, values);
    }
}
