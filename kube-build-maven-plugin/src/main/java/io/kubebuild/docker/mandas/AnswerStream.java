package io.kubebuild.docker.mandas;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer; closing it ends the answer, and what was not read is not transferred. */
final class AnswerStream extends FilterInputStream {

    private final EngineHttp.Answer answer;

    private AnswerStream(EngineHttp.Answer answer, InputStream body) {
        super(body);
        this.answer = answer;
    }

    static InputStream of(EngineHttp.Answer answer) {
        try {
            return new AnswerStream(answer, answer.body());
        } catch (IOException e) {
            answer.close();
            throw Refusal.broken(answer.what(), e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(bytes, offset, length);
        } catch (IOException e) {
            throw Refusal.broken(answer.what(), e);
        }
        if (read < 0 && answer.ended().isPresent()) {
            throw new EngineException(Kind.UNREACHABLE, answer.what() + ": the Docker engine stopped answering", null);
        }
        return read;
    }

    @Override
    public void close() {
        // Not the body: closing it would read it to its end.
        answer.close();
    }
}
