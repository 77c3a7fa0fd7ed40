namespace Whence.Data;

/// <summary>
/// Sequences of DNA as one-hot rows, [4, length] or [length, 4], in the order A, C, G, T; small letters are the same. A row's name is what
/// follows ">" up to a space. Read once through to count sequences when it is opened.
/// </summary>
internal sealed class FastaRows : RowSource
{
    private const string Alphabet = "ACGT";

    private readonly string path;
    private readonly OtherLetters others;
    private readonly int length;
    private readonly bool lettersFirst;
    private readonly RecordMarks marks;
    private readonly byte[] letters;
    private ByteReader? reader;
    private long at;

    public FastaRows(string path, Signature network, RowOptions options)
        : base(network.InputSize, Layout(network, options))
    {
        var shape = network.Inputs[0].Shape;
        (this.path, others) = (path, options.OtherLetters);
        lettersFirst = shape[0] == Alphabet.Length;
        length = lettersFirst ? shape[1] : shape[0];
        letters = new byte[length];
        marks = RecordMarks.Scan(path, new Scanner(Path.GetFileName(path)));
    }

    public override bool HasIds => true;

    public override long Count => marks.Count;

    private static ScoreLayout Layout(Signature network, RowOptions options)
    {
        if (network.Inputs is not [{ IsMask: false, Shape: { Rank: 2 } shape }]
            || (shape[0] != Alphabet.Length && shape[1] != Alphabet.Length))
        {
            throw new InvalidDataException(
                $"Sequences are for a network of one input, [4, length] or [length, 4], but {network.Name} takes "
                    + $"{Listing.Of(network.Inputs.Select(input => $"{input.Name} {input.Shape}"))}.");
        }
        return options.EachLetter ? ScoreLayout.Of(network)
            : ScoreLayout.PerPosition(shape[0] == Alphabet.Length, shape[0] == Alphabet.Length ? shape[1] : shape[0]);
    }

    private protected override void Fill(RowBatch batch, long first, int count)
    {
        if (reader is null || at != first)
            Seek(first);
        for (var i = 0; i < count; i++)
            Take(batch);
    }

    private void Seek(long row)
    {
        reader?.Dispose();
        (at, var offset) = marks.Before(row);
        reader = new ByteReader(RecordMarks.OpenAt(path, offset));
        while (at < row)
        {
            reader.SkipLine();
            reader.ReadRecord(letters);
            at++;
        }
    }

    private void Take(RowBatch batch)
    {
        var header = reader!.ReadLine();
        var read = reader.ReadRecord(letters);
        if (read != length)
            batch.Refuse(at, null, $"the sequence has {read} letters, but the network takes {length}");
        else if (Write(batch.Next()) is >= 0 and var wrong)
            batch.Refuse(at, null, $"the letter \"{(char)letters[wrong]}\" at position {wrong} is none of {Alphabet}");
        else
            batch.Accept(at, header.TrimStart('>').Split([' ', '\t'], 2)[0]);
        at++;
    }

    /// <summary>The position of a letter that is refused, or -1.</summary>
    private int Write(Span<float> row)
    {
        for (var position = 0; position < length; position++)
        {
            var letter = Alphabet.IndexOf((char)(letters[position] & ~0x20), StringComparison.Ordinal);
            if (letter >= 0)
                row[Place(letter, position)] = 1;
            else if (others == OtherLetters.Refuse)
                return position;
            else if (others == OtherLetters.Even)
                SpreadEvenly(row, position);
        }
        return -1;
    }

    private void SpreadEvenly(Span<float> row, int position)
    {
        for (var letter = 0; letter < Alphabet.Length; letter++)
            row[Place(letter, position)] = 1f / Alphabet.Length;
    }

    private int Place(int letter, int position) => lettersFirst ? letter * length + position : position * Alphabet.Length + letter;

    public override void Dispose()
    {
        reader?.Dispose();
        base.Dispose();
    }

    /// <summary>A record begins with ">" at the start of a line.</summary>
    private sealed class Scanner(string file) : IRecordScanner
    {
        private bool isStart = true;

        public void Scan(ReadOnlySpan<byte> block, long offset, RecordMarks marks)
        {
            for (var i = 0; i < block.Length; i++)
            {
                if (isStart && block[i] == (byte)'>')
                    marks.Add(offset + i);
                else if (isStart && marks.Count == 0 && block[i] is not ((byte)'\n' or (byte)'\r'))
                    throw new InvalidDataException($"{file} is no FASTA file: it does not begin with \">\".");
                var next = block[i..].IndexOf((byte)'\n');
                isStart = next >= 0;
                if (next < 0)
                    return;
                i += next;
            }
        }

        public void End()
        {
        }
    }

    /// <summary>Reads lines without keeping more of them than is asked for: a chromosome is one record.</summary>
    private sealed class ByteReader(Stream stream) : IDisposable
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private int next;
        private int end;

        private bool Refill()
        {
            if (next < end)
                return true;
            (next, end) = (0, stream.Read(buffer));
            return end > 0;
        }

        public string ReadLine()
        {
            var line = new System.Text.StringBuilder();
            while (Refill() && buffer[next++] is not (byte)'\n' and var letter)
                line.Append((char)letter);
            return line.ToString().TrimEnd('\r');
        }

        public void SkipLine()
        {
            while (Refill() && buffer[next++] != (byte)'\n')
            {
            }
        }

        /// <summary>Reads up to the next ">" that begins a line, keeps as many letters as there is room for, and counts all.</summary>
        public long ReadRecord(Span<byte> letters)
        {
            var count = 0L;
            var isStart = true;
            while (Refill())
            {
                var letter = buffer[next];
                if (isStart && letter == (byte)'>')
                    break;
                next++;
                isStart = letter == (byte)'\n';
                if (letter <= (byte)' ')
                    continue;
                if (count < letters.Length)
                    letters[(int)count] = letter;
                count++;
            }
            return count;
        }

        public void Dispose() => stream.Dispose();
    }
}
