#if WHENCE_GENERATOR
namespace Whence.Generator.Check;
#else
namespace Whence;
#endif

using System.Text;
#if WHENCE_GENERATOR
using Whence.Generator.Support;
#endif

/// <summary>
/// The table at the head of a safetensors file: eight bytes that give its length, little-endian, then a JSON object from tensor
/// names to element type, shape and place in the data behind it. Every claim of the table is checked against the file's length
/// before it is believed. Format: github.com/huggingface/safetensors.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>
    /// The longest header that is read, in bytes. A tensor takes some hundred of them and the largest published models have a few
    /// thousand tensors; the format's own implementation reads up to 100,000,000, which keep a program busy for seconds with a gigabyte.
    /// </summary>
    public const int MaxLength = 1 << 24;

    /// <summary>The bytes before the header, which give its length.</summary>
    internal const int PrefixLength = 8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, SafetensorsEntry> byName;

    private SafetensorsHeader(Dictionary<string, SafetensorsEntry> byName, SafetensorsEntry[] entries)
    {
        this.byName = byName;
        Entries = entries;
    }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The tensor of this name, or null if the file has none.</summary>
    public SafetensorsEntry? Find(string name) => byName.TryGetValue(name, out var entry) ? entry : null;

    /// <summary>Reads the text of the header from the start of a file, and nothing behind it.</summary>
    /// <exception cref="InvalidDataException">The file ends within the header, or its header is too long or not UTF-8.</exception>
    public static string ReadText(Stream file)
    {
        var prefix = new byte[PrefixLength];
        var length = LengthOf(prefix, Fill(file, prefix) < PrefixLength ? 0 : file.Length);
        var json = new byte[length];
        if (Fill(file, json) < length)
            throw new InvalidDataException($"The file ends within its header of {length} bytes.");
        return Decode(json);
    }

    /// <summary>How many bytes of header follow the first eight bytes of a file that is this long.</summary>
    /// <exception cref="InvalidDataException">The file is too short for what its first eight bytes say.</exception>
    public static int LengthOf(byte[] prefix, long fileLength)
    {
        if (fileLength < PrefixLength)
            throw new InvalidDataException(
                (fileLength == 0 ? "It is empty: " : "")
                    + "a safetensors file begins with eight bytes that give the length of its header, but the file ends before.");
        ulong length = 0;
        for (var i = PrefixLength - 1; i >= 0; i--)
            length = (length << 8) | prefix[i];
        if (length < 2 || length > MaxLength)
            throw new InvalidDataException(Foreign(prefix) ?? $"The header of a safetensors file has from 2 to {MaxLength} bytes, but the "
                + $"first eight bytes of the file say {length}: it is not a safetensors file or is damaged.");
        if (length > (ulong)(fileLength - PrefixLength))
            throw new InvalidDataException(Foreign(prefix) ?? $"The header should have {length} bytes, but the file ends "
                + $"{fileLength - PrefixLength} bytes after its length: the file is truncated.");
        return (int)length;
    }

    /// <summary>What a file is that begins with these eight bytes, and what to do with it; null of what is not known.</summary>
    private static string? Foreign(byte[] prefix)
    {
        bool Begins(params byte[] with) => with.SequenceEqual(prefix.Take(with.Length));
        bool Reads(string text, int at = 0) => string.CompareOrdinal(Encoding.ASCII.GetString(prefix), at, text, 0, text.Length) == 0;
        return Reads("version ") ? "It is what Git LFS keeps in the place of a file that was not fetched: run git lfs pull." :
            Reads("<")
                ? "It is a page of HTML or XML, as a server answers in the place of a file, and not a safetensors file: fetch it anew." :
            Reads("{") || Reads("[")
                ? "It is JSON text, and not a safetensors file, whose header follows eight bytes that give its length: a model's "
                    + "configuration holds no weights." :
            Begins(0x1F, 0x8B) || Begins(0x28, 0xB5, 0x2F, 0xFD) || Begins(0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z') || Reads("BZh")
                || Begins((byte)'7', (byte)'z', 0xBC, 0xAF)
                ? "It is a compressed file: unpack it, and if a safetensors file comes out, name that." :
            Reads("TFL3", 4) ? "It is a TensorFlow Lite model, and not a safetensors file: write the weights of the model that it was made "
                + "from by safetensors.numpy.save_file." :
            Begins((byte)'P', (byte)'K', 3, 4)
            ? "It is a zip archive, as torch.save and Keras write them, and not a safetensors file: in Python, write a PyTorch model's "
                + "state_dict() by safetensors.torch.save_file, a Keras model's weights by safetensors.numpy.save_file." :
            Begins(0x80, 2) || Begins(0x80, 3) || Begins(0x80, 4) || Begins(0x80, 5)
                ? "It is a Python pickle, as old torch.save and scikit-learn write them, and not a safetensors file: load it in Python and "
                    + "write its tensors by safetensors.torch.save_file or safetensors.numpy.save_file." :
            Begins(0x89, (byte)'H', (byte)'D', (byte)'F') ? "It is an HDF5 file, as Keras writes them, and not a safetensors file: load it "
                + "in Python and write its weights by safetensors.numpy.save_file." :
            Begins((byte)'G', (byte)'G', (byte)'U', (byte)'F')
                ? "It is a GGUF file, whose tensors are quantised, and not a safetensors file: take the model's own safetensors file." :
            Begins(0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y')
                ? "It is a NumPy array, and not a safetensors file: write all arrays by safetensors.numpy.save_file." :
            // A protobuf message of ONNX begins with its version, 3 to 15, and goes on with who made it, or with the graph.
            prefix[0] == 8 && prefix[1] is >= 3 and <= 15 && prefix[2] is 0x12 or 0x1A or 0x3A or 0x42
                ? "It seems to be an ONNX model, and not a safetensors file: in Python, write its initializers by "
                    + "safetensors.numpy.save_file, or export the weights from the framework that made it." :
            null;
    }

    /// <summary>The header's bytes as text.</summary>
    /// <exception cref="InvalidDataException">The bytes are not UTF-8.</exception>
    public static string Decode(byte[] json)
    {
        try
        {
            return Utf8.GetString(json);
        }
        catch (ArgumentException)
        {
            throw new InvalidDataException("The header is not UTF-8 text.");
        }
    }

    /// <summary>Reads a header's text. The length of the data behind it is checked unless it is null.</summary>
    /// <exception cref="InvalidDataException">The text is not a header, or does not fit the data; the message names the tensor.</exception>
    public static SafetensorsHeader Parse(string json, long? dataLength = null)
    {
        var byName = new JsonReader(json).ReadHeader();
        var entries = byName.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).ToArray();
        CheckPlaces(entries, dataLength);
        return new SafetensorsHeader(byName, entries);
    }

    private static void CheckPlaces(SafetensorsEntry[] entries, long? dataLength)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.End > (dataLength ?? long.MaxValue))
                throw new InvalidDataException($"Tensor {Quote(entry.Name)} ends at byte {entry.End} of the data, but the file has only "
                    + $"{dataLength}: the file is truncated or its offsets are wrong.");
            if (entry.Begin < end)
                throw new InvalidDataException($"Tensor {Quote(entry.Name)} begins at byte {entry.Begin} of the data, where another tensor "
                    + $"reaches to byte {end}: tensors must not overlap.");
            if (entry.Begin > end)
                throw new InvalidDataException($"Tensor {Quote(entry.Name)} begins at byte {entry.Begin} of the data, but the tensor "
                    + $"before it ends at byte {end}: there must be no hole between tensors.");
            end = entry.End;
        }
        if (dataLength > end)
            throw new InvalidDataException(
                $"The tensors end at byte {end} of the data, but the file has {dataLength}: there must be nothing behind the last tensor.");
    }

    private static int Fill(Stream file, byte[] buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && file.Read(buffer, filled, buffer.Length - filled) is > 0 and var read)
            filled += read;
        return filled;
    }

    /// <summary>A name as an error message shows it: quoted, on one line, and not endless.</summary>
    internal static string Quote(string name)
    {
        const int Longest = 120;
        var shown = new StringBuilder("'");
        foreach (var c in name.Length > Longest ? name.Substring(0, Longest) : name)
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return shown.Append(name.Length > Longest ? "...'" : "'").ToString();
    }

    /// <summary>Reads the small part of JSON that a header is written in; anything else is an error.</summary>
    private sealed class JsonReader(string json)
    {
        private const string Metadata = "__metadata__";
        private int at;

        public Dictionary<string, SafetensorsEntry> ReadHeader()
        {
            if (json.Length == 0 || json[0] != '{')
                throw new InvalidDataException("The header of a safetensors file begins with '{', but this one does not.");
            var metadata = 0;
            var byName = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            ReadObject(() => "The header", name =>
            {
                if (name != Metadata)
                    byName.Add(name, ReadEntry(name));
                else if (metadata++ > 0)
                    throw Twice("The header", name);
                else
                    ReadMetadata();
            }, byName.ContainsKey);
            SkipSpace();
            if (at < json.Length)
                throw Wrong("the end of the header");
            return byName;
        }

        private void ReadMetadata()
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            ReadObject(() => Quote(Metadata), _ => ReadString(), key => !seen.Add(key));
        }

        private SafetensorsEntry ReadEntry(string name)
        {
            string? dtype = null;
            List<long>? axes = null, offsets = null;
            string Owner() => $"Tensor {Quote(name)}";
            ReadObject(
                Owner,
                key =>
                {
                    switch (key)
                    {
                        case "dtype": dtype = ReadString(); break;
                        case "shape": axes = ReadNumbers(name, "an axis"); break;
                        case "data_offsets": offsets = ReadNumbers(name, "an offset"); break;
                        default: throw new InvalidDataException(
                            $"{Owner()} has the key {Quote(key)}, but a tensor has only 'dtype', 'shape' and 'data_offsets'.");
                    }
                },
                key => key switch { "dtype" => dtype is not null, "shape" => axes is not null, _ =>
                    key == "data_offsets" && offsets is not null });
            if (dtype is null || axes is null || offsets is null)
                throw new InvalidDataException(
                    $"{Owner()} has no {(dtype is null ? "'dtype'" : axes is null ? "'shape'" : "'data_offsets'")}.");
            if (offsets.Count != 2)
                throw new InvalidDataException(
                    $"{Owner()} has {offsets.Count} offsets, but a tensor has two: where its data begins and ends.");
            return SafetensorsEntry.Checked(name, dtype, axes.ToArray(), offsets[0], offsets[1]);
        }

        /// <param name="owner">Whose, for a message.</param>
        /// <param name="readValue">Reads the value of a key.</param>
        /// <param name="isSeen">Whether the object has had a key before.</param>
        private void ReadObject(Func<string> owner, Action<string> readValue, Func<string, bool> isSeen)
        {
            Expect('{');
            if (Skip('}'))
                return;
            do
            {
                var key = ReadString();
                if (isSeen(key))
                    throw Twice(owner(), key);
                Expect(':');
                readValue(key);
            }
            while (Skip(','));
            Expect('}');
        }

        private static InvalidDataException Twice(string owner, string key) => new($"{owner} has the key {Quote(key)} twice.");

        private List<long> ReadNumbers(string tensor, string what)
        {
            var numbers = new List<long>();
            Expect('[');
            if (Skip(']'))
                return numbers;
            do
                numbers.Add(ReadNumber(tensor, what));
            while (Skip(','));
            Expect(']');
            return numbers;
        }

        private long ReadNumber(string tensor, string what)
        {
            SkipSpace();
            var start = at;
            while (at < json.Length && (json[at] is >= '0' and <= '9' or '-' or '+' or '.' or 'e' or 'E'))
                at++;
            if (at == start)
                throw Wrong("a number");
            long number = 0;
            for (var i = start; i < at; i++)
            {
                var digit = json[i] - '0';
                if (digit is < 0 or > 9 || number > (long.MaxValue - digit) / 10 || (i > start && json[start] == '0'))
                    throw new InvalidDataException($"Tensor {Quote(tensor)} has {what} of {Quote(json.Substring(start, at - start))}, "
                        + $"which is not a whole number from 0 to {long.MaxValue}.");
                number = number * 10 + digit;
            }
            return number;
        }

        private string ReadString()
        {
            Expect('"');
            var start = at;
            while (at < json.Length && json[at] is not ('"' or '\\') && json[at] >= ' ' && !char.IsSurrogate(json[at]))
                at++;
            if (at < json.Length && json[at] == '"')
                return json.Substring(start, at++ - start);
            at = start;
            var text = new StringBuilder();
            while (true)
            {
                var c = Next();
                if (c == '"')
                    return Paired(text.ToString());
                if (c < ' ')
                    throw new InvalidDataException($"The header has a control character in a string, at character {at - 1}.");
                text.Append(c == '\\' ? ReadEscape() : c);
            }
        }

        private char ReadEscape() => Next() switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => ReadHex(),
            _ => throw new InvalidDataException($"The header has an unknown escape in a string, at character {at - 1}."),
        };

        private char ReadHex()
        {
            var code = 0;
            for (var i = 0; i < 4; i++)
            {
                var digit = "0123456789abcdef".IndexOf(char.ToLowerInvariant(Next()));
                if (digit < 0)
                    throw new InvalidDataException($"The header has an escape without four hexadecimal digits, at character {at - 1}.");
                code = code * 16 + digit;
            }
            return (char)code;
        }

        private string Paired(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
                    throw new InvalidDataException($"The header has half a surrogate pair in the string that ends at character {at - 1}.");
            }
            return text;
        }

        private char Next() => at < json.Length ? json[at++] : throw Wrong("the rest of a string");

        private bool Skip(char c)
        {
            SkipSpace();
            if (at >= json.Length || json[at] != c)
                return false;
            at++;
            return true;
        }

        private void Expect(char c)
        {
            if (!Skip(c))
                throw Wrong($"'{c}'");
        }

        private void SkipSpace()
        {
            while (at < json.Length && json[at] is ' ' or '\t' or '\n' or '\r')
                at++;
        }

        private InvalidDataException Wrong(string expected) => new(at < json.Length
            ? $"The header is not the JSON of a safetensors file: expected {expected} at character {at}, found "
                + $"{Quote(json[at].ToString())}."
            : $"The header is not the JSON of a safetensors file: expected {expected}, but it ends.");
    }
}

/// <summary>One tensor of a safetensors file: its element type, its axes, and the bytes of the data that hold it.</summary>
internal sealed class SafetensorsEntry
{
    private readonly long[] axes;

    private SafetensorsEntry(string name, string dtype, long[] axes, long begin, long end)
    {
        Name = name;
        DType = dtype;
        this.axes = axes;
        Begin = begin;
        End = end;
    }

    /// <summary>The tensor's name, such as <c>fc1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The element type as the file names it, such as <c>F32</c>; it may be one that cannot be read.</summary>
    public string DType { get; }

    /// <summary>The axis sizes. An axis may be 0; a scalar has none.</summary>
    public IReadOnlyList<long> Axes => axes;

    /// <summary>The tensor's first byte, counted from the end of the header.</summary>
    public long Begin { get; }

    /// <summary>The byte behind the tensor's last, counted from the end of the header.</summary>
    public long End { get; }

    /// <summary>The axes as text, such as <c>[128, 784]</c>; of very many, the first ones.</summary>
    public string ShapeText => $"[{Listing.Of(axes)}]";

    /// <summary>Whether these are the tensor's axis sizes.</summary>
    public bool HasAxes(IReadOnlyList<int> sizes)
    {
        if (sizes.Count != axes.Length)
            return false;
        for (var i = 0; i < axes.Length; i++)
        {
            if (sizes[i] != axes[i])
                return false;
        }
        return true;
    }

    /// <summary>The element types that weights are read from.</summary>
    internal const string WeightTypes = "F64, F32, F16 or BF16";

    /// <summary>Whether the elements are of a type that weights are read from.</summary>
    internal bool HoldsWeights => DType is "F64" or "F32" or "F16" or "BF16";

    /// <summary>The bytes of one element, or 0 for an element type that is not known or smaller than a byte.</summary>
    public static int ElementSize(string dtype) => dtype switch
    {
        "F64" or "I64" or "U64" or "C64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "BOOL" or "I8" or "U8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 1,
        _ => 0,
    };

    internal static SafetensorsEntry Checked(string name, string dtype, long[] axes, long begin, long end)
    {
        var entry = new SafetensorsEntry(name, dtype, axes, begin, end);
        string Owner() => $"Tensor {SafetensorsHeader.Quote(name)}";
        if (begin > end)
            throw new InvalidDataException($"{Owner()} begins at byte {begin} of the data, behind its end at byte {end}.");
        var elementSize = ElementSize(dtype);
        if (!TryMultiply(axes, Math.Max(1, elementSize), out var bytes))
            throw new InvalidDataException($"{Owner()} has the shape {entry.ShapeText}, which has more elements than can be counted.");
        if (elementSize > 0 && bytes != end - begin)
            throw new InvalidDataException(
                $"{Owner()} of {dtype} {entry.ShapeText} needs {bytes} bytes, but its offsets {begin} to {end} hold {end - begin}.");
        return entry;
    }

    private static bool TryMultiply(long[] axes, long factor, out long product)
    {
        product = factor;
        foreach (var axis in axes)
        {
            if (axis != 0 && product > long.MaxValue / axis)
                return false;
            product *= axis;
        }
        return true;
    }
}
