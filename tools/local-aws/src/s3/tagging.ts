import { checkTagCount, versionHeader } from './head.js';
import { receiveDocument } from './receive.js';
import { emptyAnswer, type S3Handler, type S3Request, xmlAnswer } from './request.js';
import { tagsOf } from './settings.js';
import type { S3Store } from './store.js';
import { readableVersion } from './versions.js';
import { parseXml, xmlDocument } from './xml.js';

const getTagging: S3Handler = async ({ bucket, key, query }, store) => {
  const state = store.bucket(bucket);
  const version = readableVersion(state, key, query.get('versionId'));
  const tags = Object.entries(version.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return xmlAnswer(xmlDocument('Tagging', { TagSet: { Tag: tags } }), versionHeader(version, state));
};

const putTagging: S3Handler = async (request, store) => {
  const { bucket, key, query } = request;
  readableVersion(store.bucket(bucket), key, query.get('versionId'));
  const tags = tagsOf(parseXml(await receiveDocument(request), 'Tagging'));
  checkTagCount(Object.keys(tags).length);
  return emptyAnswer(200, await setTags(request, store, tags));
};

const deleteTagging: S3Handler = async (request, store) => emptyAnswer(204, await setTags(request, store, {}));

function setTags({ bucket, key, query }: S3Request, store: S3Store, tags: Record<string, string>): Promise<Record<string, string>> {
  return store.commit(bucket, key, (state) => {
    const version = readableVersion(state, key, query.get('versionId'));
    return { entry: { t: 'tags', bucket, key, versionId: version.versionId, tags }, result: versionHeader(version, state) };
  });
}

export const taggingHandlers: Readonly<Record<string, S3Handler>> = {
  GetObjectTagging: getTagging,
  PutObjectTagging: putTagging,
  DeleteObjectTagging: deleteTagging,
};
